package io.thalweg.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells, once, that reading has come to a halt, and once that it goes on. What passes within a second is not told. Confined to the
 * command's thread.
 */
final class TroubleNotices {

    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Terminal terminal;
    private final LongSupplier clockNanos;
    private boolean isInTrouble;
    private boolean isTold;
    private long sinceNanos;

    TroubleNotices(Terminal terminal, LongSupplier clockNanos) {
        this.terminal = terminal;
        this.clockNanos = clockNanos;
    }

    /** Takes the state of things, now and then. */
    void heard(Optional<String> trouble) {
        var now = clockNanos.getAsLong();
        if (trouble.isEmpty()) {
            if (isTold) {
                tell("back again");
            }
            isInTrouble = false;
            isTold = false;
            return;
        }
        if (!isInTrouble) {
            isInTrouble = true;
            sinceNanos = now;
        }
        if (!isTold && now - sinceNanos >= PATIENCE.toNanos()) {
            isTold = true;
            tell(trouble.get() + "; trying again");
        }
    }

    private void tell(String what) {
        terminal.err().println("thalweg: " + what);
    }
}
