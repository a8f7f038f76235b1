package io.thalweg.cli;

import io.thalweg.client.ConnectionConfig;
import java.time.Duration;
import java.util.logging.Level;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command takes that talks to a cluster: besides {@link CommonOptions} which one, and how patiently. */
final class ConnectionOptions {

    @Mixin
    private CommonOptions common = new CommonOptions();

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

    /** Connects, and logs nothing but what is severe. */
    ClientSession open(Terminal terminal) {
        common.configureLogging(Level.SEVERE);
        if (timeoutSeconds < 1) {
            throw new CommandException(
                    ExitCode.USAGE, "--timeout " + timeoutSeconds + " is below 1", "Give a number of seconds.", null);
        }
        var timeout = Duration.ofSeconds(timeoutSeconds);
        return ClientSession.open(
                ConnectionConfig.of(bootstrap).withClientId("thalweg-cli").withTimeouts(timeout, timeout), terminal);
    }

    Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }
}
