package io.thalweg.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
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

    @Override
    public Integer call() throws IOException {
        ClientSizes.print(System.out);
        var directory = Files.createTempDirectory("thalweg-bench-clients");
        for (var peer : Peers.both()) {
            try (var server = Server.start(peer, directory.resolve(peer.name().replace(' ', '-')))) {
                new ClientTrials(server, List.of(new KafkaContender(), new SdkContender()), rounds, scale)
                        .run(System.out);
            }
        }
        return 0;
    }
}
