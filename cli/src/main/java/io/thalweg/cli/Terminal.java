package io.thalweg.cli;

import java.io.InputStream;
import java.io.PrintWriter;

/**
 * What a command reads from and prints to.
 *
 * @param out for results
 * @param err for everything else
 * @param in what is produced if no file is named
 */
record Terminal(PrintWriter out, PrintWriter err, InputStream in) {

    private static final int DEFAULT_COLUMNS = 100;
    private static final int MIN_COLUMNS = 40;

    /** Whether a person watches, as far as the launcher could tell. */
    boolean isInteractive() {
        return Boolean.getBoolean("thalweg.terminal");
    }

    /** How wide a line may be. */
    int columns() {
        return Math.max(MIN_COLUMNS, Integer.getInteger("thalweg.columns", DEFAULT_COLUMNS));
    }
}
