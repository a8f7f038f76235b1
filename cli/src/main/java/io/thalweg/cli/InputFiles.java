package io.thalweg.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files that a user names to be read. */
final class InputFiles {

    private InputFiles() {}

    /** The same; a directory is refused here, since what the system says about reading one does not name it. */
    static Path named(Path file) {
        if (Files.isDirectory(file)) {
            throw new CommandException(
                    ExitCode.NO_INPUT, file + " is a directory, expected a file", "Check the path.", null);
        }
        return file;
    }
}
