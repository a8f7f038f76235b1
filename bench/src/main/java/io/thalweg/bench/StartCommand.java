package io.thalweg.bench;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures how long it takes to the first acknowledged record. */
@Command(
        name = "start",
        description =
                "Measures how long an embedded broker takes from Broker.builder()...start() to the first acknowledged record.",
        mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {

    @Option(names = "--starts", description = "How many. Default: ${DEFAULT-VALUE}.")
    private int starts = 50;

    @Override
    public Integer call() throws Exception {
        new EmbeddedStarts(starts).run(System.out);
        return 0;
    }
}
