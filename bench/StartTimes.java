import io.thalweg.client.Client;
import io.thalweg.client.ConnectionConfig;
import io.thalweg.client.OutboundRecord;
import io.thalweg.client.BatchConfig;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.transport.netty.NettyTransport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Starts a server process again and again, each time on an empty directory, and prints how long it took from launching the process to its
 * ready line and to the first record that is acknowledged with {@code acks=all}, on disk; and the processor time used until then. The
 * first starts warm this program and the page cache up and do not count. Run by {@code start-times.sh}.
 *
 * <p>Arguments: a label, how many starts count, and the command that starts a server, to which listener and directory are appended.
 */
final class StartTimes {

    private static final int WARM_UP = 3;
    private static final String READY = "Thalweg ready on ";

    private record Start(long readyNanos, long acknowledgedNanos, long processorNanos) {}

    public static void main(String[] args) throws Exception {
        var count = Integer.parseInt(args[1]);
        var command = List.of(args).subList(2, args.length);
        var starts = new ArrayList<Start>();
        for (int i = 0; i < WARM_UP + count; i++) {
            var start = measure(command);
            if (i >= WARM_UP) {
                starts.add(start);
            }
        }
        System.out.printf(
                "%-20s ready %s   first ack %s   processor %s%n",
                args[0],
                summary(starts.stream().mapToLong(Start::readyNanos).sorted().toArray()),
                summary(starts.stream().mapToLong(Start::acknowledgedNanos).sorted().toArray()),
                summary(starts.stream().mapToLong(Start::processorNanos).sorted().toArray()));
    }

    private static String summary(long[] sorted) {
        var median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        return String.format("%4d / %4d ms", TimeUnit.NANOSECONDS.toMillis(sorted[0]), TimeUnit.NANOSECONDS.toMillis(median));
    }

    private static Start measure(List<String> command) throws Exception {
        var directory = Files.createTempDirectory("thalweg-start-");
        var line = new ArrayList<>(command);
        line.addAll(List.of("server", "--listen", "127.0.0.1:0", "--data", directory.resolve("data").toString()));
        var builder = new ProcessBuilder(line).redirectError(directory.resolve("log").toFile());
        var began = System.nanoTime();
        var process = builder.start();
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var bootstrap = readyAt(out, directory);
            var ready = System.nanoTime();
            produceOne(bootstrap);
            var acknowledged = System.nanoTime();
            var processor = process.info().totalCpuDuration().orElse(Duration.ZERO);
            return new Start(ready - began, acknowledged - began, processor.toNanos());
        } finally {
            process.destroy();
            process.waitFor();
            delete(directory);
        }
    }

    private static String readyAt(BufferedReader out, Path directory) throws IOException {
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(READY)) {
                return line.substring(READY.length(), line.indexOf(' ', READY.length()));
            }
        }
        throw new IOException("the server ended: " + Files.readString(directory.resolve("log")));
    }

    private static void produceOne(String bootstrap) throws Exception {
        var config = BatchConfig.DEFAULT.withIdempotent(false).withBatching(1, Duration.ZERO);
        var acknowledged = new CompletableFuture<Long>();
        try (var transport = NettyTransport.open(new TransportContext("start-times", 1));
                var client = Client.connect(transport, ConnectionConfig.of(bootstrap));
                var producer = client.producer(config)) {
            producer.send(OutboundRecord.of("first", null, ByteBuffer.wrap(new byte[100])), (partition, offset, failure) -> {
                if (failure == null) {
                    acknowledged.complete(offset);
                } else {
                    acknowledged.completeExceptionally(failure);
                }
            });
            acknowledged.get(1, TimeUnit.MINUTES);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
