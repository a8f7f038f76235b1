package io.thalweg.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how long it takes to the first acknowledged record. */
@Command(
        name = "start",
        description =
                "Measures how long it takes to the first acknowledged record: from Broker.builder()...start() in this process, and from"
                        + " the launch of a server process, Thalweg's and Kafka's.",
        mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {

    @Option(names = "--starts", description = "How many. Default: ${DEFAULT-VALUE}.")
    private int starts = 50;

    @Option(names = "--processes", description = "How many processes of each. Default: ${DEFAULT-VALUE}.")
    private int processes = 10;

    @Override
    public Integer call() throws Exception {
        new EmbeddedStarts(starts).run(System.out);
        new ServerStarts(Peers.everyWayToStart(), processes).run(System.out);
        return 0;
    }
}
