package io.thalweg.simulation.check;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.simulation.world.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What happened in a run, for the one who has to understand it, and the first invariant that was broken. Owned by the scheduler. */
public final class Journal {

    private static final int MOST_LINES = 20_000;

    private final Scheduler scheduler;
    private final boolean isVerbose;
    private boolean areUnknownErrorsExpected;
    private final List<String> lines = new ArrayList<>();
    private Optional<String> violation = Optional.empty();

    /**
     * An empty one.
     *
     * @param isVerbose whether everything is written down, not just what is rare
     */
    public Journal(Scheduler scheduler, boolean isVerbose) {
        this.scheduler = scheduler;
        this.isVerbose = isVerbose;
    }

    long nowNanos() {
        return scheduler.nowNanos();
    }

    /** Writes down something rare. */
    public void note(String text) {
        if (lines.size() < MOST_LINES) {
            lines.add(String.format(Locale.ROOT, "%12.6f  %s", scheduler.nowNanos() / 1e9, text));
        }
    }

    /** Writes down something frequent, if everything is to be. */
    public void detail(String text, Object... arguments) {
        if (isVerbose) {
            note(String.format(Locale.ROOT, text, arguments));
        }
    }

    /** From now on it says nothing against a broker that it answers no more than that something went wrong. */
    public void expectUnknownErrors() {
        areUnknownErrorsExpected = true;
    }

    /** A client was answered what no broker should answer it, as far as that is not expected. */
    public void refused(String invariant, String text, ErrorCode code) {
        if (code == ErrorCode.UNKNOWN_SERVER_ERROR && areUnknownErrorsExpected) {
            note(text);
        } else {
            violated(invariant, text);
        }
    }

    /** An invariant does not hold; only the first is remembered. */
    public void violated(String invariant, String text) {
        note("VIOLATED " + invariant + ": " + text);
        if (violation.isEmpty()) {
            violation = Optional.of(invariant + ": " + text);
        }
    }

    public Optional<String> violation() {
        return violation;
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }
}
