package io.thalweg.cli;

import io.thalweg.api.Acks;
import io.thalweg.client.BatchConfig;
import io.thalweg.client.BatchProducer;
import io.thalweg.client.ClientException;
import io.thalweg.client.OutboundRecord;
import io.thalweg.protocol.record.Compression;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends lines as records. */
@Command(
        name = "produce",
        description = "Sends each line of standard input, or of a file, as a record.",
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  echo hello | thalweg produce greetings",
            "  thalweg produce flights --file flights.csv --key-field origin",
            "  thalweg produce events --file events.jsonl --key-field user --compression zstd",
            "  printf 'a:1\\nb:2\\n' | thalweg produce pairs --key-separator :"
        })
final class ProduceCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final AtomicLong written = new AtomicLong();
    private final AtomicReference<@Nullable ClientException> firstFailure = new AtomicReference<>();

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Parameters(paramLabel = "TOPIC", description = "The topic to write to.")
    private String topic = "";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "Lines to send; the first line of a .csv file is its headings and is not sent.")
    private @Nullable Path file;

    @Option(
            names = "--key-field",
            paramLabel = "NAME",
            description = "The field whose value is the key: of a CSV file, else of JSON lines.")
    private @Nullable String keyField;

    @Option(
            names = "--key-separator",
            paramLabel = "TEXT",
            description = "What stands between key and value on each line.")
    private @Nullable String keySeparator;

    @Option(
            names = "--acks",
            paramLabel = "0|1|all",
            defaultValue = "all",
            description = "What counts as written: handed over, on the leader, on all in-sync replicas"
                    + " (default: ${DEFAULT-VALUE}).")
    private String acks = "";

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            defaultValue = "none",
            description = "One of ${COMPLETION-CANDIDATES} in small letters (default: ${DEFAULT-VALUE}).")
    private Compression compression = Compression.NONE;

    ProduceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        var config = BatchConfig.DEFAULT
                .withAcks(acks(acks))
                .withCompression(compression)
                .withTimeouts(connection.timeout(), connection.timeout());
        var lines = LineFormat.of(file == null ? null : file.toString(), keyField, keySeparator);
        try (var session = connection.open(terminal);
                var in = input()) {
            try (var producer = session.client().producer(config)) {
                send(producer, lines, in);
                session.await(producer.flush());
            }
        }
        terminal.err().println(written + " records written to " + topic);
        var failure = firstFailure.get();
        if (failure != null) {
            throw failure;
        }
        return ExitCode.DONE;
    }

    static Acks acks(String text) {
        return switch (text) {
            case "0" -> Acks.NONE;
            case "1" -> Acks.LEADER;
            case "all", "-1" -> Acks.ALL;
            default -> throw new IllegalArgumentException("acks " + text + ": expected 0, 1 or all");
        };
    }

    private BufferedReader input() throws IOException {
        InputStream bytes = file == null ? terminal.in() : Files.newInputStream(InputFiles.named(file));
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    }

    private void send(BatchProducer producer, LineFormat lines, BufferedReader in) throws IOException {
        for (var line = in.readLine(); line != null && firstFailure.get() == null; line = in.readLine()) {
            var record = lines.read(line);
            if (record.isPresent()) {
                var key = record.get().key();
                var sent = OutboundRecord.of(
                        topic, key == null ? null : utf8(key), utf8(record.get().value()));
                producer.send(sent, (partition, offset, failure) -> completed(failure));
            }
        }
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private void completed(@Nullable ClientException failure) {
        if (failure == null) {
            written.incrementAndGet();
        } else {
            firstFailure.compareAndSet(null, failure);
        }
    }
}
