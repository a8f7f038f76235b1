package io.thalweg.cli;

import io.thalweg.protocol.record.Compression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the broker at work on real data, and checks that it did it well. */
@Command(
        name = "demo",
        description =
                "Starts three brokers that form a cluster, streams a data set through it keyed by a field, kills a"
                        + " leader half-way, reads everything back, and checks that each key's records are complete"
                        + " and in order.",
        sortOptions = false,
        footer = {
            "",
            "Without --file the data are 231,083 flights within the United States (U.S. Bureau of Transportation",
            "Statistics, public domain), from npm package vega-datasets 2.7.0 (BSD-3-Clause): fetched once,",
            "checked by SHA-256, and kept in ~/.cache/thalweg.",
            "",
            "Examples:",
            "  thalweg demo",
            "  thalweg demo --repeat 10 --compression zstd",
            "  thalweg demo --brokers 1                             one broker, in this process",
            "  thalweg demo --file events.jsonl --key-field user      works offline"
        })
final class DemoCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A file of your own: CSV with headings (*.csv), else JSON objects, one a line.")
    private @Nullable Path file;

    @Option(
            names = {"-k", "--key-field"},
            paramLabel = "NAME",
            description = "The field that is the key; needed with --file, else origin.")
    private @Nullable String keyField;

    @Option(
            names = "--brokers",
            paramLabel = "COUNT",
            defaultValue = "3",
            description = "3, as processes of which one is killed, or 1 in this process (default: ${DEFAULT-VALUE}).")
    private int brokers;

    @Option(
            names = {"-p", "--partitions"},
            paramLabel = "COUNT",
            defaultValue = "4",
            description = "How many partitions the topic has (default: ${DEFAULT-VALUE}).")
    private int partitions;

    @Option(
            names = "--repeat",
            paramLabel = "COUNT",
            defaultValue = "1",
            description = "How many times the file is streamed (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(
            names = "--rate",
            paramLabel = "RECORDS",
            defaultValue = "0",
            description =
                    "At most so many records a second, so that latencies are not those of a full queue; 0 is full speed"
                            + " (default: ${DEFAULT-VALUE}).")
    private long rate;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            defaultValue = "none",
            description = "none, gzip, snappy, lz4 or zstd (default: ${DEFAULT-VALUE}).")
    private Compression compression = Compression.NONE;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        common.configureLogging(Level.WARNING);
        if (partitions < 1 || repeat < 1 || rate < 0 || (brokers != 1 && brokers != 3)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--partitions and --repeat are at least 1, --rate at least 0, --brokers is 1 or 3",
                    "",
                    null);
        }
        var plan = file == null ? bundled() : own(file);
        var result = new Demo(plan, terminal).run();
        new DemoSummary(plan, result).print(terminal.out());
        return result.isGood() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }

    private DemoPlan own(Path given) {
        if (keyField == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "no key field given for " + given,
                    "Say which field is the key with --key-field NAME.",
                    null);
        }
        if (!Files.isReadable(given)) {
            throw new CommandException(ExitCode.NO_INPUT, "file " + given + " cannot be read", "Check the path.", null);
        }
        return new DemoPlan(given, keyField, "your own", brokers, partitions, repeat, rate, compression);
    }

    private DemoPlan bundled() throws IOException {
        var dataset = Dataset.FLIGHTS;
        var home = Path.of(System.getProperty("user.home"));
        var cache = new DatasetCache(
                DatasetCache.defaultDirectory(), List.of(new NpmClient(), new RegistryDownload(System.getenv(), home)));
        if (!cache.has(dataset)) {
            terminal.err().println("fetching " + dataset + " once ...");
        }
        return new DemoPlan(
                cache.get(dataset),
                keyField == null ? dataset.keyField() : keyField,
                dataset + "\n          " + dataset.source() + "\n          " + dataset.licence(),
                brokers,
                partitions,
                repeat,
                rate,
                compression);
    }
}
