package io.thalweg.cli;

import java.util.Locale;

/** Shows how far the demo is: a bar on a terminal, else a line now and then. Confined to one thread. */
final class ProgressBar {

    private static final long REDRAW_NANOS = 100_000_000;
    private static final long LINE_NANOS = 2_000_000_000;
    private static final int BAR_COLUMNS = 30;

    private final Terminal terminal;
    private long lastNanos;
    private int lastLength;

    ProgressBar(Terminal terminal) {
        this.terminal = terminal;
        this.lastNanos = System.nanoTime();
    }

    /** Shows this share, between 0 and 1, unless something was shown a moment ago. */
    void show(double share, long sent, long read) {
        var now = System.nanoTime();
        if (now - lastNanos >= (terminal.isInteractive() ? REDRAW_NANOS : LINE_NANOS)) {
            lastNanos = now;
            draw(share, sent, read);
        }
    }

    private void draw(double share, long sent, long read) {
        var counts = String.format(Locale.ROOT, "%3.0f %%  %,d sent  %,d read", share * 100, sent, read);
        if (!terminal.isInteractive()) {
            terminal.err().println("  " + counts.strip());
            return;
        }
        var done = (int) Math.round(Math.min(1, share) * BAR_COLUMNS);
        var line = "  [" + "#".repeat(done) + " ".repeat(BAR_COLUMNS - done) + "] " + counts;
        var cut = line.substring(0, Math.min(line.length(), terminal.columns() - 1));
        terminal.err().print("\r" + cut + " ".repeat(Math.max(0, lastLength - cut.length())));
        terminal.err().flush();
        lastLength = cut.length();
    }

    /** Clears the bar away. */
    void end() {
        if (terminal.isInteractive() && lastLength > 0) {
            terminal.err().print("\r" + " ".repeat(lastLength) + "\r");
            terminal.err().flush();
        }
    }
}
