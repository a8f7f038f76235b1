package io.thalweg.simulation;

import io.thalweg.simulation.check.Journal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Takes what the code of the brokers logs: what it calls an error is one. Of one run at a time. */
final class LogTap extends Handler {

    private final Journal journal;
    private final Predicate<String> isExpected;
    private final SimpleFormatter formatter = new SimpleFormatter();

    private LogTap(Journal journal, Predicate<String> isExpected) {
        this.journal = journal;
        this.isExpected = isExpected;
    }

    /**
     * Takes everything until closed.
     *
     * @param isExpected whether what is logged as an error may be one here
     */
    static LogTap open(Journal journal, boolean isVerbose, Predicate<String> isExpected) {
        LogManager.getLogManager().reset();
        var root = Logger.getLogger("");
        root.setLevel(isVerbose ? Level.FINE : Level.WARNING);
        var tap = new LogTap(journal, isExpected);
        root.addHandler(tap);
        return tap;
    }

    @Override
    public void publish(LogRecord record) {
        var text = record.getLoggerName() + ": " + formatter.formatMessage(record);
        var thrown = record.getThrown();
        if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
            failed(thrown == null ? text : text + "\n" + trace(thrown));
        } else {
            journal.note(thrown == null ? text : text + ": " + thrown);
        }
    }

    private void failed(String text) {
        if (isExpected.test(text)) {
            journal.note(text);
        } else {
            journal.violated("log", text);
        }
    }

    private static String trace(Throwable thrown) {
        var text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
