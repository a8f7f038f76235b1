package io.thalweg.simulation;

import io.thalweg.simulation.check.BatchNote;
import io.thalweg.simulation.check.Journal;
import io.thalweg.simulation.cluster.Misfortune;
import io.thalweg.simulation.cluster.SimulatedCluster;
import io.thalweg.simulation.load.Administrator;
import io.thalweg.simulation.load.ClusterClient;
import io.thalweg.simulation.load.PartitionReader;
import io.thalweg.simulation.load.PartitionWriter;
import io.thalweg.simulation.load.Serials;
import io.thalweg.simulation.world.Scheduler;
import io.thalweg.simulation.world.SimulatedProcess;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One run: three brokers from their first start, clients that write and read, misfortune for a while, and then what has to come right
 * again. Everything about it follows from the seed. Confined to one thread.
 */
final class Simulation {

    private static final String TOPIC = "orders";
    private static final int NODES = 3;
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long HEAL_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final long seed;
    private final Scheduler scheduler;
    private final Journal journal;
    private final SimulatedCluster cluster;
    private final Misfortune misfortune;
    private final List<PartitionWriter> writers = new ArrayList<>();
    private final List<PartitionReader> readers = new ArrayList<>();
    private final int partitions;
    private final int minIsr;
    private final int strikes;
    private boolean isTopicThere;

    /**
     * What came of a run.
     *
     * @param hash the same for every run of the seed
     * @param violation what did not hold
     */
    record Outcome(
            long seed, long hash, long events, long simulatedNanos, Optional<String> violation, List<String> journal) {}

    Simulation(long seed, boolean isVerbose) {
        this.seed = seed;
        this.scheduler = new Scheduler(seed);
        this.journal = new Journal(scheduler, isVerbose);
        var random = scheduler.random();
        this.partitions = 1 + random.nextInt(3);
        this.minIsr = 1 + random.nextInt(2);
        this.strikes = random.nextInt(25);
        this.cluster = new SimulatedCluster(scheduler, journal, NODES, settings());
        this.misfortune = new Misfortune(cluster, true);
    }

    private Map<String, String> settings() {
        var random = scheduler.random();
        var settings = new TreeMap<String, String>();
        settings.put("broker.heartbeat.interval.ms", "300");
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("replica.lag.time.max.ms", Integer.toString(1000 + random.nextInt(4000)));
        settings.put("replica.fetch.backoff.ms", "100");
        settings.put("shard.count", Integer.toString(1 + random.nextInt(2)));
        settings.put("shard.ring.slots", "64");
        settings.put("storage.file.journal.bytes", Integer.toString(64 << 10));
        settings.put("log.index.size.max.bytes", "4096");
        settings.put("log.segment.bytes", Integer.toString(1 << 20));
        settings.put("log.roll.ms", Integer.toString(10 << random.nextInt(8)));
        settings.put("leader.imbalance.check.interval.seconds", Integer.toString(5 + random.nextInt(30)));
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(1 << 20));
        return settings;
    }

    /** Runs it, on a thread that ends with it: what the code keeps for each thread would keep the whole world otherwise. */
    Outcome run(boolean isVerbose) {
        var outcome = new FutureTask<>(() -> runHere(isVerbose));
        new Thread(outcome, "simulation-" + seed).start();
        try {
            return outcome.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("seed " + seed + " did not come to an end", e);
        }
    }

    private Outcome runHere(boolean isVerbose) {
        var tap = LogTap.open(journal, isVerbose);
        try {
            runAll();
        } catch (RuntimeException | AssertionError e) {
            journal.violated("run", e + causes(e));
        } finally {
            tap.close();
            cluster.end();
        }
        return new Outcome(
                seed,
                scheduler.hash(),
                scheduler.runEvents(),
                scheduler.nowNanos(),
                journal.violation(),
                journal.lines());
    }

    private static String causes(Throwable failure) {
        var text = new StringBuilder();
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            text.append(", because of ").append(cause);
        }
        return text.toString();
    }

    private void runAll() {
        cluster.startAll();
        var clients = new SimulatedProcess(scheduler, "client");
        var administrator = new Administrator(client(clients), journal);
        administrator.create(TOPIC, partitions, NODES, Map.of("min.insync.replicas", Integer.toString(minIsr)), () -> {
            isTopicThere = true;
        });
        if (!runUntil(() -> isTopicThere, HEAL_LIMIT_NANOS)) {
            journal.violated("I37", "the cluster did not start and create a topic");
            return;
        }
        load(clients);
        suffer(administrator);
        heal();
    }

    private ClusterClient client(SimulatedProcess clients) {
        return new ClusterClient(clients, cluster.network(), NODES);
    }

    private void load(SimulatedProcess clients) {
        var serials = new Serials();
        var random = scheduler.random();
        for (var partition = 0; partition < partitions; partition++) {
            writers.add(new PartitionWriter(client(clients), cluster.ledger(), serials, plan(partition, true)));
            if (random.nextBoolean()) {
                writers.add(new PartitionWriter(client(clients), cluster.ledger(), serials, plan(partition, false)));
            }
            readers.add(new PartitionReader(client(clients), cluster.ledger(), TOPIC, partition, true));
        }
        writers.forEach(PartitionWriter::begin);
        readers.forEach(PartitionReader::begin);
    }

    private PartitionWriter.Plan plan(int partition, boolean isIdempotent) {
        var random = scheduler.random();
        return new PartitionWriter.Plan(
                TOPIC,
                partition,
                isIdempotent,
                minIsr,
                1 + random.nextInt(5),
                TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(200)));
    }

    private void suffer(Administrator administrator) {
        for (var strike = 0; strike < strikes && isSound(); strike++) {
            var random = scheduler.random();
            runFor(TimeUnit.MILLISECONDS.toNanos(1L << random.nextInt(13)));
            misfortune.strike();
            if (random.nextInt(8) == 0) {
                administrate(administrator);
            }
        }
        runFor(TimeUnit.SECONDS.toNanos(1));
    }

    private void administrate(Administrator administrator) {
        var random = scheduler.random();
        var partition = random.nextInt(partitions);
        if (random.nextBoolean()) {
            administrator.electPreferred(TOPIC, partition);
        } else {
            var replicas = new ArrayList<>(List.of(1, 2, 3));
            Collections.shuffle(replicas, random);
            administrator.reassign(TOPIC, partition, replicas.subList(0, 2 + random.nextInt(2)));
        }
    }

    /** I37, I38: once nothing is wrong any more, all comes right. */
    private void heal() {
        misfortune.endAll();
        runFor(TimeUnit.SECONDS.toNanos(1));
        // A node that was stopping when all healed is down by now or soon.
        var isCalm = runUntil(
                () -> {
                    cluster.startAll();
                    return cluster.isHealed();
                },
                HEAL_LIMIT_NANOS);
        writers.forEach(PartitionWriter::stop);
        var isWritten = runUntil(() -> writers.stream().allMatch(PartitionWriter::isDone), HEAL_LIMIT_NANOS);
        runFor(TimeUnit.SECONDS.toNanos(2));
        // A replica may fall out of sync once more: one that was not told that its connection is gone learns it late.
        isCalm = isCalm && runUntil(() -> cluster.isHealed() && cluster.ledger().isConverged(), HEAL_LIMIT_NANOS);
        var isRead = runUntil(
                () -> readers.stream().allMatch(reader -> reader.position() == reader.highWatermark()),
                HEAL_LIMIT_NANOS);
        if (!isSound()) {
            return;
        }
        if (!isCalm) {
            journal.violated("I37", "the cluster does not heal: " + cluster.image());
        } else if (!isWritten) {
            journal.violated("I38", "no end of writing: " + writers);
        } else if (!isRead) {
            journal.violated("I38", "no end of reading: " + readers);
        } else {
            cluster.ledger().converged();
            checkOrder();
        }
    }

    /** I15: what each idempotent producer wrote lies in its order, each batch once. */
    private void checkOrder() {
        for (var writer : writers) {
            var last = -1L;
            var inOrder = writer.acknowledged().stream()
                    .sorted(Comparator.comparingLong(BatchNote::serial))
                    .toList();
            for (var note : inOrder) {
                if (note.baseOffset() <= last) {
                    journal.violated("I15", writer + " was told " + note + " behind offset " + last);
                }
                last = note.lastOffset();
            }
        }
    }

    private boolean isSound() {
        return journal.violation().isEmpty();
    }

    private void runFor(long nanos) {
        runUntil(() -> false, nanos);
    }

    private boolean runUntil(BooleanSupplier isReached, long limitNanos) {
        var limit = scheduler.nowNanos() + limitNanos;
        while (isSound() && !isReached.getAsBoolean() && scheduler.nowNanos() < limit) {
            scheduler.runFor(Math.min(STEP_NANOS, limit - scheduler.nowNanos()));
        }
        return isSound() && isReached.getAsBoolean();
    }
}
