package io.thalweg.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a broker until the process is told to stop. */
@Command(
        name = "server",
        description = "Runs a broker until it is told to stop (Ctrl-C or SIGTERM).",
        sortOptions = false,
        footer = {
            "",
            "Settings have Kafka's names. Later ones win: the file, then --listen and --data, then --set.",
            "",
            "Examples:",
            "  thalweg server",
            "  thalweg server --listen 127.0.0.1:0 --data /var/lib/thalweg",
            "  thalweg server server.properties --set num.partitions=4 --set log.durability=os",
            "  thalweg server --set metrics.listen=127.0.0.1:9404"
        })
final class ServerCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "A properties file with settings.")
    private @Nullable Path file;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to listen; port 0 takes a free one. Short for --set listeners=PLAINTEXT://HOST:PORT.")
    private @Nullable String listen;

    @Option(
            names = "--data",
            paramLabel = "DIRECTORY",
            description = "Where the logs are kept. Short for --set log.dirs=DIRECTORY.")
    private @Nullable String data;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            converter = SettingOption.class,
            description = "Sets one setting; may be given more than once.")
    private List<Map.Entry<String, String>> settings = List.of();

    ServerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        return new Server(settings(), terminal).run();
    }

    ServerSettings settings() {
        return new ServerSettings(file, listen, data, SettingOption.byKey(settings), common.isVerbose());
    }
}
