package io.thalweg.cli;

import java.util.logging.Level;
import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {

    @Option(names = "--verbose", description = "Logs more, and shows stack traces.")
    private boolean isVerbose;

    boolean isVerbose() {
        return isVerbose;
    }

    /** Logs from this level on, or more. */
    void configureLogging(Level level) {
        Logging.configure(level, isVerbose);
    }
}
