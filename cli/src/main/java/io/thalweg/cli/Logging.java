package io.thalweg.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** One line per log record, on standard error: time, level, the class that speaks, what it says. */
final class Logging {

    private static final String VERBOSE = "thalweg.verbose";

    private Logging() {}

    /** Sets the level below which nothing is logged; more of our own if the user asked for it. */
    static void configure(Level level, boolean verbose) {
        System.setProperty(VERBOSE, Boolean.toString(verbose));
        LogManager.getLogManager().reset();
        var handler = new ConsoleHandler();
        handler.setLevel(Level.ALL);
        handler.setFormatter(new OneLine());
        var root = Logger.getLogger("");
        root.addHandler(handler);
        root.setLevel(verbose ? Level.INFO : level);
        if (verbose) {
            OURS.setLevel(Level.FINE);
        }
        QUORUM.setLevel(verbose ? Level.WARNING : Level.SEVERE);
        QUORUM_STARTS.forEach(starts -> starts.setLevel(verbose ? Level.WARNING : Level.OFF));
    }

    /** Reads what a line takes from files, while there are descriptors for them: what cannot be logged ends the thread that tries. */
    static void readAhead() {
        new OneLine().format(new LogRecord(Level.OFF, ""));
    }

    /** Kept, since the log manager itself would forget it. */
    private static final Logger OURS = Logger.getLogger("io.thalweg");

    /** Tells of every voter that is away, again and again; who leads and who is missing, the broker tells. */
    private static final Logger QUORUM = Logger.getLogger("org.apache.ratis");

    /** Tell only that a voter has failed to start, with a trace for a reason; whoever starts it is told with the reason. */
    private static final List<Logger> QUORUM_STARTS = List.of(
            Logger.getLogger("org.apache.ratis.util.LifeCycle"),
            Logger.getLogger("org.apache.ratis.grpc.server.GrpcServicesImpl"),
            Logger.getLogger("org.apache.ratis.server.storage.RaftStorageDirectory"));

    static boolean isVerbose() {
        return Boolean.getBoolean(VERBOSE);
    }

    /** The format. */
    static final class OneLine extends Formatter {

        /** Made with the first line, or once a server is ready: the time zones take a while to read. */
        private static final class Time {
            static final DateTimeFormatter FORM =
                    DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
        }

        @Override
        public String format(LogRecord record) {
            var name = String.valueOf(record.getLoggerName());
            var line = Time.FORM.format(Instant.ofEpochMilli(record.getMillis())) + " " + level(record.getLevel()) + " "
                    + name.substring(name.lastIndexOf('.') + 1) + ": " + formatMessage(record) + "\n";
            var thrown = record.getThrown();
            if (thrown == null) {
                return line;
            }
            if (!isVerbose()) {
                return line.stripTrailing() + " (" + thrown + ")\n";
            }
            var trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            return line + trace;
        }

        private static String level(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            if (level.intValue() >= Level.WARNING.intValue()) {
                return "WARN ";
            }
            return level.intValue() >= Level.INFO.intValue() ? "INFO " : "DEBUG";
        }
    }
}
