package io.thalweg.broker.partition;

import io.thalweg.broker.partition.EpochHistory.Start;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The text of a {@code leader-epoch-checkpoint}, as Kafka writes it: a line with the version 0, a line with the number of epochs,
 * then a line {@code <epoch> <start offset>} for each.
 */
final class EpochCheckpoint {

    private static final Logger log = LoggerFactory.getLogger(EpochCheckpoint.class);
    private static final String VERSION = "0";

    private EpochCheckpoint() {}

    static ByteBuffer write(EpochHistory history) {
        var lines = history.starts().stream()
                .map(start -> start.epoch() + " " + start.offset() + "\n")
                .collect(Collectors.joining());
        var text = VERSION + "\n" + history.starts().size() + "\n" + lines;
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The history, or nothing when the text is not one: it is then rebuilt from the log. */
    static Optional<EpochHistory> read(ByteBuffer bytes) {
        var lines = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString().split("\n", -1);
        try {
            var count = Integer.parseInt(lines[1]);
            if (!lines[0].equals(VERSION) || lines.length != count + 3) {
                throw new IllegalArgumentException("version " + lines[0] + " with " + (lines.length - 3) + " of "
                        + count + " epochs: expected version " + VERSION);
            }
            var starts = new ArrayList<Start>();
            for (var line : List.of(lines).subList(2, count + 2)) {
                var space = line.indexOf(' ');
                starts.add(new Start(
                        Integer.parseInt(line.substring(0, space)), Long.parseLong(line.substring(space + 1))));
            }
            return Optional.of(new EpochHistory(starts));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            log.warn("leader epoch checkpoint is not readable and will be rebuilt from the log: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
