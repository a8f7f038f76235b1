package io.thalweg.storage.file;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of the files in a partition's directory: a base offset in 20 digits and a suffix. */
final class LogFiles {

    static final String LOG = ".log";
    static final String OFFSET_INDEX = ".index";
    static final String TIME_INDEX = ".timeindex";

    /** The index of aborted transactions of a segment that has any. */
    static final String TRANSACTION_INDEX = ".txnindex";

    /** A file that is being written and will be renamed; one that is found was left by a crash. */
    static final String UNFINISHED = ".cleaned";

    /** A file that is complete, and takes the place of all segments in the range of its name. */
    static final String SWAP = ".swap";

    private static final Pattern SWAP_NAME = Pattern.compile("([0-9]{20})-([0-9]{20})\\.swap");

    private static final int OFFSET_DIGITS = 20;

    private LogFiles() {}

    static Path log(Path directory, long baseOffset) {
        return directory.resolve(name(baseOffset, LOG));
    }

    static Path offsetIndex(Path directory, long baseOffset) {
        return directory.resolve(name(baseOffset, OFFSET_INDEX));
    }

    static Path timeIndex(Path directory, long baseOffset) {
        return directory.resolve(name(baseOffset, TIME_INDEX));
    }

    static Path transactionIndex(Path directory, long baseOffset) {
        return directory.resolve(name(baseOffset, TRANSACTION_INDEX));
    }

    static Path unfinished(Path path) {
        return path.resolveSibling(path.getFileName() + UNFINISHED);
    }

    /** A file that is being written to take the place of segments. */
    static Path cleaned(Path directory, Range range) {
        return directory.resolve(range + UNFINISHED);
    }

    /** The same when it is complete. */
    static Path swap(Path directory, Range range) {
        return directory.resolve(range + SWAP);
    }

    /** The range in the name of a file that is complete and takes the place of segments; empty if it is another kind of name. */
    static Optional<Range> swapIn(Path path) {
        return Optional.of(SWAP_NAME.matcher(path.getFileName().toString()))
                .filter(Matcher::matches)
                .map(name -> new Range(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))));
    }

    /** The offsets of adjoining segments. */
    record Range(long firstOffset, long endOffset) {

        boolean contains(long offset) {
            return offset >= firstOffset && offset < endOffset;
        }

        /** As it is in the names of files. */
        @Override
        public String toString() {
            return name(firstOffset, "-") + name(endOffset, "");
        }
    }

    static String name(long offset, String suffix) {
        var digits = Long.toString(offset);
        return "0".repeat(OFFSET_DIGITS - digits.length()) + digits + suffix;
    }

    /** The offset in a name with this suffix; empty if it is another kind of name. */
    static OptionalLong offsetIn(Path path, String suffix) {
        var name = path.getFileName().toString();
        if (name.length() != OFFSET_DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(name, 0, OFFSET_DIGITS, 10));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
