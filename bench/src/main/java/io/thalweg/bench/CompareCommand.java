package io.thalweg.bench;

import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the same loads on Thalweg and on Apache Kafka, in turns. */
@Command(
        name = "compare",
        description = "Runs the same loads on Thalweg and on Apache Kafka, in turns, and prints the medians.",
        mixinStandardHelpOptions = true)
final class CompareCommand implements Callable<Integer> {

    @Option(names = "--loads", split = ",", description = "Only these, by name.")
    private Set<String> names = Set.of();

    @Option(
            names = "--rounds",
            description = "Measured turns of each load; one more goes before. Default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--scale", description = "Multiplies how much each load does. Default: ${DEFAULT-VALUE}.")
    private double scale = 1;

    @Override
    public Integer call() throws Exception {
        var loads = Loads.all(scale).stream()
                .filter(load -> names.isEmpty() || names.contains(load.name()))
                .toList();
        new Comparison(Peers.both(), loads, rounds).run(System.out);
        return 0;
    }
}
