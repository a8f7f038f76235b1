package io.thalweg.storage.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which checkpoints there are in a partition's directory: those with an offset in their names, ascending, and whether there is Kafka's file
 * of leader epochs, whose name has none, or indexes of transactions, whose names are those of segments.
 */
record CheckpointFiles(List<Named> named, boolean hasKafkaEpochs, boolean hasTransactions) {

    static final CheckpointFiles NONE = new CheckpointFiles(List.of(), false, false);

    /** Kafka's name of the leader epochs. */
    static final String KAFKA_EPOCHS = "leader-epoch-checkpoint";

    private static final Pattern FILE = Pattern.compile("[0-9]{20}(\\.[a-z-]+)");

    /** What else there is in the directory of a partition. */
    private static final Set<String> OTHER_SUFFIXES = Set.of(
            LogFiles.LOG, LogFiles.OFFSET_INDEX, LogFiles.TIME_INDEX, LogFiles.TRANSACTION_INDEX, SmallFiles.TEMPORARY);

    /** A checkpoint by the parts of its file's name. */
    record Named(long offset, String suffix) {}

    CheckpointFiles {
        named = List.copyOf(named);
    }

    /** Those among the files of a directory. */
    static CheckpointFiles among(List<Path> files) {
        var named = new ArrayList<Named>(0);
        var hasKafkaEpochs = false;
        var hasTransactions = false;
        for (var path : files) {
            hasKafkaEpochs |= path.endsWith(KAFKA_EPOCHS);
            hasTransactions |=
                    LogFiles.offsetIn(path, LogFiles.TRANSACTION_INDEX).isPresent();
            parse(path).ifPresent(named::add);
        }
        var isNone = named.isEmpty() && !hasKafkaEpochs && !hasTransactions;
        return isNone ? NONE : sorted(named, hasKafkaEpochs, hasTransactions);
    }

    private static Optional<Named> parse(Path path) {
        var name = FILE.matcher(path.getFileName().toString());
        if (!name.matches() || !mayBe(name.group(1))) {
            return Optional.empty();
        }
        var suffix = name.group(1);
        var offset = LogFiles.offsetIn(path, suffix);
        return offset.isPresent() ? Optional.of(new Named(offset.getAsLong(), suffix)) : Optional.empty();
    }

    /** Whether a suffix is that of no other file of a log. */
    static boolean mayBe(String suffix) {
        return !OTHER_SUFFIXES.contains(suffix);
    }

    private static CheckpointFiles sorted(List<Named> named, boolean hasKafkaEpochs, boolean hasTransactions) {
        named.sort(Comparator.comparingLong(Named::offset).thenComparing(Named::suffix));
        return new CheckpointFiles(named, hasKafkaEpochs, hasTransactions);
    }

    CheckpointFiles with(Named added) {
        if (named.contains(added)) {
            return this;
        }
        var more = new ArrayList<>(named);
        more.add(added);
        return sorted(more, hasKafkaEpochs, hasTransactions);
    }

    CheckpointFiles without(Named removed) {
        return new CheckpointFiles(
                named.stream().filter(each -> !each.equals(removed)).toList(), hasKafkaEpochs, hasTransactions);
    }

    CheckpointFiles withKafkaEpochs(boolean isThere) {
        return isThere == hasKafkaEpochs ? this : new CheckpointFiles(named, isThere, hasTransactions);
    }

    /** The offsets of the checkpoints with this suffix, ascending. */
    List<Long> offsets(String suffix) {
        return named.stream()
                .filter(each -> each.suffix().equals(suffix))
                .map(Named::offset)
                .toList();
    }

    /** Those above an offset. */
    List<Named> above(long offset) {
        return named.stream().filter(each -> each.offset() > offset).toList();
    }
}
