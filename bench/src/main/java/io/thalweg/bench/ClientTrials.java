package io.thalweg.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * What clients do to one broker, in turns, and what that costs this process: time, CPU (compilers and garbage collection included),
 * allocation.
 *
 * <p>JDK 17, servers on JDK 25, two cores that others used three times over, so that only what stands in one row may be compared; one turn,
 * after four that are not measured, of three million records of 100 bytes, or of 300,000 of 1,000:
 *
 * <pre>
 *                              kafka-clients 4.3.1                thalweg
 *                              CPU us/record  B/record  k/s       CPU us/record  B/record  k/s
 * of Thalweg  produce   100 B  0.69           631       1,367     0.34           351       2,506
 *             consume   100 B  0.29           502       1,749     0.17           329       4,903
 *             produce 1,000 B  1.33           812       491       1.30           561       447
 *             consume 1,000 B  1.67           2,333     292       0.97           1,230     697
 * of Kafka    produce   100 B  0.85           650       1,167     0.35           331       1,976
 *             consume   100 B  0.31           503       1,913     0.18           329       3,061
 *             produce 1,000 B  1.43           784       162       0.90           459       270
 *             consume 1,000 B  0.97           2,354     282       0.77           1,230     346
 * </pre>
 *
 * Of what a record of 1,000 bytes takes to produce, most is what both clients do: three copies, one of them the kernel's, and a checksum.
 * One by one, at 10,000 records a second to Thalweg, the SDK's acknowledgements came in 0.3 to 1.2 ms (p50 of six turns), those of
 * kafka-clients beside it in 0.3 to 2.5 ms. Before a client was one event loop, the SDK took as much CPU as Kafka's client for that, and as
 * long; before answers to fetches fit memory that is kept, consuming 1,000 bytes took twice the CPU.
 *
 * Before batches were made in memory that is kept, a producer allocated 638 and 2,578 bytes per record. The jars have 4.4 MB, those of
 * Kafka's client 10.3 MB.
 */
final class ClientTrials {

    static final int BATCH_BYTES = 64 << 10;

    private static final int PARTITIONS = 6;
    private static final int LINGER_MILLIS = 5;
    private static final int PACED_PER_SECOND = 10_000;
    private static final int PACED_SECONDS = 8;
    /** Turns that are not measured: until the code is compiled as well as it gets, compilers take as much CPU as clients. */
    private static final int WARMUP_TURNS = 4;

    private static final long LONGEST_MICROS = 60_000_000;

    private final Server server;
    private final List<Contender> contenders;
    private final int rounds;
    private final double scale;

    ClientTrials(Server server, List<Contender> contenders, int rounds, double scale) {
        this.server = server;
        this.contenders = contenders;
        this.rounds = rounds;
        this.scale = scale;
    }

    void run(PrintStream out) {
        for (var sizeInBytes : List.of(100, 1_000)) {
            var count = (int) (scale * 200_000_000 / sizeInBytes);
            report(out, count + " records of " + sizeInBytes + " B", WARMUP_TURNS, (contender, topic) -> {
                var measured = produce(contender, topic, sizeInBytes, count);
                measured.putAll(consume(contender, topic, count));
                return measured;
            });
        }
        report(out, PACED_PER_SECOND + " records of 100 B a second, one by one", 1, this::paced);
    }

    /** One turn of a client on a topic of its own. */
    private interface Trial {
        Map<String, Double> run(Contender contender, String topic);
    }

    private void report(PrintStream out, String title, int warmupTurns, Trial trial) {
        var all = new LinkedHashMap<String, List<Map<String, Double>>>();
        for (var round = 1 - warmupTurns; round <= rounds; round++) {
            for (var contender : contenders) {
                var topic = "clients-" + System.nanoTime();
                server.create(topic, PARTITIONS, false);
                var measured = trial.run(contender, topic);
                server.delete(List.of(topic));
                if (round > 0) {
                    all.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                            .add(measured);
                }
            }
        }
        out.println("\n" + server.peer().name() + ": " + title);
        all.forEach((name, turns) -> {
            out.printf(Locale.ROOT, "  %-14s", name);
            turns.get(0)
                    .keySet()
                    .forEach(column -> out.printf(Locale.ROOT, "  %s %.2f", column, median(turns, column)));
            out.println();
        });
    }

    private static double median(List<Map<String, Double>> turns, String column) {
        var sorted = turns.stream()
                .mapToDouble(turn -> turn.getOrDefault(column, Double.NaN))
                .sorted()
                .toArray();
        return sorted[sorted.length / 2];
    }

    private Map<String, Double> produce(Contender contender, String topic, int sizeInBytes, int count) {
        var payloads = new Payloads(sizeInBytes);
        var failures = new AtomicInteger();
        try (var sender = contender.sender(server.bootstrap(), topic, LINGER_MILLIS)) {
            return measured("produce", count, () -> {
                for (var i = 0; i < count; i++) {
                    sender.send(payloads.value(i), failure -> {
                        if (failure != null) {
                            failures.incrementAndGet();
                        }
                    });
                }
                sender.flush();
                if (failures.get() > 0) {
                    throw new IllegalStateException(failures + " records were not acknowledged");
                }
            });
        }
    }

    private Map<String, Double> consume(Contender contender, String topic, int count) {
        return measured("consume", count, () -> contender.read(server.bootstrap(), topic, PARTITIONS, count));
    }

    private static Map<String, Double> measured(String what, int count, Runnable work) {
        var before = Usage.of(ProcessHandle.current());
        var allocatedBefore = allocatedBytes();
        var beginNanos = System.nanoTime();
        work.run();
        var seconds = (System.nanoTime() - beginNanos) / 1e9;
        var allocated = allocatedBytes() - allocatedBefore;
        var used = Usage.of(ProcessHandle.current()).since(before);
        var measured = new LinkedHashMap<String, Double>();
        measured.put(what + " k/s", count / seconds / 1e3);
        measured.put(what + " CPU us/record", used.cpuSeconds() * 1e6 / count);
        measured.put(what + " B/record", (double) allocated / count);
        return measured;
    }

    /** What the threads that live have allocated; those of a consumer, which end before, are not among them. */
    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        var sum = 0L;
        for (var bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    private Map<String, Double> paced(Contender contender, String topic) {
        var payloads = new Payloads(100);
        var latency = new ConcurrentHistogram(LONGEST_MICROS, 3);
        var count = PACED_PER_SECOND * PACED_SECONDS;
        var before = Usage.of(ProcessHandle.current());
        try (var sender = contender.sender(server.bootstrap(), topic, 0)) {
            var beginNanos = System.nanoTime();
            for (var i = 0; i < count; i++) {
                var dueNanos = beginNanos + i * 1_000_000_000L / PACED_PER_SECOND;
                awaitNanos(dueNanos);
                var isCounted = i >= count / 4;
                sender.send(payloads.value(i), failure -> {
                    if (isCounted) {
                        latency.recordValue((System.nanoTime() - dueNanos) / 1_000);
                    }
                });
            }
            sender.flush();
        }
        var used = Usage.of(ProcessHandle.current()).since(before);
        var measured = new LinkedHashMap<String, Double>();
        measured.put("ack p50 ms", latency.getValueAtPercentile(50) / 1e3);
        measured.put("ack p99 ms", latency.getValueAtPercentile(99) / 1e3);
        measured.put("CPU us/record", used.cpuSeconds() * 1e6 / count);
        return measured;
    }

    private static void awaitNanos(long dueNanos) {
        for (var left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
