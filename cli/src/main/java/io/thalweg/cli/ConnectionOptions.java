package io.thalweg.cli;

import io.thalweg.client.ClientConfig;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Which cluster to talk to, and how patiently. */
final class ConnectionOptions {

    @Option(
            names = {"-b", "--bootstrap-server"},
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9092",
            description = "Brokers to ask first, separated by commas (default: ${DEFAULT-VALUE}).")
    private String bootstrap = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to try what fails for a passing reason (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    ClientSession open() {
        var timeout = Duration.ofSeconds(timeoutSeconds);
        return ClientSession.open(
                ClientConfig.of(bootstrap).withClientId("thalweg-cli").withTimeouts(timeout, timeout));
    }

    Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }
}
