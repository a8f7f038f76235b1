package io.thalweg.bench;

import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command behind {@code bench/run}. */
@Command(
        name = "bench/run",
        description = "Measures Thalweg, beside Apache Kafka where that says something.",
        subcommands = {
            CompareCommand.class,
            ClusterCommand.class,
            ClientsCommand.class,
            StartCommand.class,
            RestartCommand.class,
            GroupsCommand.class,
            StorageCommand.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "compare|cluster|clients|start|restart|groups|storage")
public final class Bench implements Runnable {

    /** Kafka's client warns of every connection that it tries too early. Held, or its level would be forgotten. */
    private static final Logger ROOT = Logger.getLogger("");

    private Bench() {}

    /** Runs the command that the arguments name. */
    public static void main(String[] args) {
        ROOT.setLevel(Level.SEVERE);
        System.exit(new CommandLine(new Bench()).setUsageHelpWidth(120).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
