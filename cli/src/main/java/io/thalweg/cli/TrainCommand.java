package io.thalweg.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;

/** Runs a server and the demo as users do, so that the launcher can have the JVM keep what they load. */
@Command(name = "train", hidden = true, description = "Runs what the class archive of fast starts is learned from.")
final class TrainCommand implements Callable<Integer> {

    private static final int RECORDS = 500;

    private final Terminal terminal;

    TrainCommand(Terminal given) {
        terminal = new Terminal(new PrintWriter(Writer.nullWriter()), given.err(), given.in());
    }

    @Override
    public Integer call() throws IOException {
        var directory = Files.createTempDirectory("thalweg-train-");
        try {
            serve(directory.resolve("data").toString());
            return new CommandRunner(terminal)
                    .run("demo", "--brokers", "1", "--file", sample(directory).toString(), "--key-field", "key");
        } finally {
            Directories.delete(directory);
        }
    }

    private void serve(String data) throws IOException {
        var settings =
                PlainServerArguments.read("--listen", "127.0.0.1:0", "--data", data, "--set", "num.partitions=1");
        new Server(settings.orElseThrow(), terminal).start().close();
    }

    private static Path sample(Path directory) throws IOException {
        var lines = IntStream.range(0, RECORDS)
                .mapToObj(number -> number + ",key-" + number % 7)
                .collect(Collectors.joining("\n", "number,key\n", "\n"));
        return Files.writeString(directory.resolve("sample.csv"), lines, StandardCharsets.UTF_8);
    }
}
