package io.thalweg.storage.file;

import java.nio.file.Path;
import java.util.OptionalLong;

/** The names of the files in a partition's directory: a base offset in 20 digits and a suffix. */
final class LogFiles {

    static final String LOG = ".log";
    static final String OFFSET_INDEX = ".index";
    static final String TIME_INDEX = ".timeindex";

    /** A file that is being written and will be renamed; one that is found was left by a crash. */
    static final String UNFINISHED = ".cleaned";

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

    static Path unfinished(Path path) {
        return path.resolveSibling(path.getFileName() + UNFINISHED);
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
