package io.thalweg.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures Thalweg's Java SDK beside Kafka's Java client, on either broker. */
@Command(
        name = "clients",
        description =
                "Runs Thalweg's Java SDK and Kafka's client in turns against the same broker, and prints the medians.",
        mixinStandardHelpOptions = true)
final class ClientsCommand implements Callable<Integer> {

    @Option(
            names = "--rounds",
            description = "Measured turns of each client; some go before. Default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--scale", description = "Multiplies how much each load does. Default: ${DEFAULT-VALUE}.")
    private double scale = 1;

    @Option(
            names = "--client",
            description =
                    "Measures this one alone, thalweg or kafka-clients: the compiler then sees nothing of the other."
                            + " Default: both, in turns.")
    private @Nullable String only;

    @Override
    public Integer call() throws IOException {
        var contenders = Stream.<Contender>of(new KafkaContender(), new SdkContender())
                .filter(each -> only == null || each.name().equals(only))
                .toList();
        if (contenders.isEmpty()) {
            throw new IllegalArgumentException("no client " + only + "; expected thalweg or kafka-clients");
        }
        ClientSizes.print(System.out);
        var directory = Files.createTempDirectory("thalweg-bench-clients");
        for (var peer : Peers.both()) {
            try (var server = Server.start(peer, directory.resolve(peer.name().replace(' ', '-')))) {
                new ClientTrials(server, contenders, rounds, scale).run(System.out);
            }
        }
        return 0;
    }
}
