package io.thalweg.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small text file with one offset per partition of a log directory, always replaced as a whole. Any thread.
 *
 * <p>The first line is the version 0, the second the number of the lines that follow, each {@code topic partition offset}.
 */
final class OffsetCheckpoint {

    private static final Logger log = LoggerFactory.getLogger(OffsetCheckpoint.class);
    private static final String VERSION = "0";

    private final ReplacedFile file;

    /** By partition directory name, {@code orders-3}. */
    private final ConcurrentNavigableMap<String, Long> offsets = new ConcurrentSkipListMap<>();

    OffsetCheckpoint(LogDirectory directory, String name) {
        this.file = new ReplacedFile(directory, name, this::encode);
    }

    /** Reads the file; one that is missing or damaged is empty, which is safe: it means less is known. */
    void load() throws IOException {
        try {
            parse(file.read());
        } catch (NoSuchFileException e) {
            log.debug("{} is not there yet", file.path());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            log.warn("{} is damaged and taken as empty: {}", file.path(), e.getMessage());
            offsets.clear();
            file.changed();
        }
    }

    private void parse(ByteBuffer bytes) {
        var lines = StandardCharsets.UTF_8.decode(bytes).toString().lines().toList();
        if (!lines.get(0).equals(VERSION) || Integer.parseInt(lines.get(1)) != lines.size() - 2) {
            throw new IllegalArgumentException("expected version " + VERSION + " and as many lines as it says, found "
                    + lines.get(0) + " and " + lines.get(1));
        }
        for (var line : lines.subList(2, lines.size())) {
            var words = line.split(" ", -1);
            offsets.put(words[0] + "-" + Integer.parseInt(words[1]), Long.valueOf(words[2]));
        }
    }

    /** Forgets partitions whose directories are gone; whether there were any. */
    boolean keepOnly(Set<String> names) {
        var isAny = offsets.keySet().removeIf(name -> !names.contains(name));
        if (isAny) {
            file.changed();
        }
        return isAny;
    }

    long offset(String name) {
        return offsets.getOrDefault(name, 0L);
    }

    void put(String name, long offset) {
        offsets.put(name, offset);
        file.changed();
    }

    /** Has the offset of a partition be at least the given one. */
    void raise(String name, long offset) {
        if (offset(name) < offset) {
            put(name, offset);
        }
    }

    /** Has the offset of a partition go back, durably, if it lies above the given one; where that failed it may be called again. */
    void lower(String name, long offset) throws IOException {
        if (offset(name) > offset) {
            put(name, offset);
            writeNow();
        } else {
            file.writeIfFailed();
        }
    }

    void remove(String name) {
        offsets.remove(name);
        file.changed();
    }

    /** Makes durable what was put; only threads that write it wait. */
    void writeNow() throws IOException {
        file.writeNow();
    }

    private String encode() {
        var lines = new StringBuilder();
        var count = 0;
        for (var entry : offsets.entrySet()) {
            var name = entry.getKey();
            var dash = name.lastIndexOf('-');
            lines.append(name, 0, dash)
                    .append(' ')
                    .append(name, dash + 1, name.length())
                    .append(' ')
                    .append(entry.getValue())
                    .append('\n');
            count++;
        }
        return VERSION + "\n" + count + "\n" + lines;
    }
}
