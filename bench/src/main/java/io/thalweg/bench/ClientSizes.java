package io.thalweg.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What an application carries for a client, without the codecs of compression, which either may be without. */
final class ClientSizes {

    private static final List<String> OURS = List.of(
            "thalweg-api-",
            "thalweg-client-",
            "thalweg-protocol-",
            "thalweg-spi-",
            "thalweg-transport-netty-",
            "netty-",
            "slf4j-api-",
            "jspecify-");
    private static final List<String> KAFKAS = List.of("kafka-clients-", "slf4j-api-");

    private ClientSizes() {}

    static void print(PrintStream out) {
        out.printf(Locale.ROOT, "Jars of the clients: thalweg %.2f MB, kafka-clients %.2f MB%n", of(OURS), of(KAFKAS));
    }

    private static double of(List<String> names) {
        return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
                        .map(Path::of)
                        .filter(jar -> names.stream()
                                .anyMatch(name ->
                                        String.valueOf(jar.getFileName()).startsWith(name)))
                        .mapToLong(ClientSizes::bytes)
                        .sum()
                / 1e6;
    }

    private static long bytes(Path jar) {
        try {
            return Files.size(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
