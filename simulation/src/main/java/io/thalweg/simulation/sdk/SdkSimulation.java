package io.thalweg.simulation.sdk;

import io.thalweg.simulation.check.Journal;
import io.thalweg.simulation.check.Ledger;
import io.thalweg.simulation.cluster.Misfortune;
import io.thalweg.simulation.cluster.SimulatedCluster;
import io.thalweg.simulation.load.Administrator;
import io.thalweg.simulation.load.ClusterClient;
import io.thalweg.simulation.world.Scheduler;
import io.thalweg.simulation.world.SimulatedProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The Java SDK in a run: producers write and members of a group read while brokers suffer, and then all that was acknowledged has to be
 * there, once and in order, and delivered. Everything follows from the scheduler's seed. Confined to one thread.
 */
public final class SdkSimulation {

    private static final String TOPIC = "orders";
    private static final int NODES = 3;
    private static final int MOST_STRIKES = 25;
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long HEAL_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(180);

    private final Scheduler scheduler;
    private final Journal journal;
    private final SimulatedCluster cluster;
    private final Misfortune misfortune;
    private final SdkLedger ledger;
    private final List<SdkWriter> writers = new ArrayList<>();
    private final List<SdkMember> members = new ArrayList<>();
    private final int partitions;
    private final int minIsr;
    private boolean isTopicThere;

    /** One that has not begun. */
    public SdkSimulation(Scheduler scheduler, Journal journal) {
        this.scheduler = scheduler;
        this.journal = journal;
        this.partitions = 1 + scheduler.random().nextInt(3);
        this.minIsr = 1 + scheduler.random().nextInt(2);
        this.cluster =
                new SimulatedCluster(scheduler, journal, NODES, settings(), new Ledger.Promises(true, false, false));
        this.misfortune = new Misfortune(cluster, minIsr);
        this.ledger = new SdkLedger(journal);
    }

    private Map<String, String> settings() {
        var random = scheduler.random();
        var settings = new TreeMap<String, String>();
        settings.put("broker.heartbeat.interval.ms", "300");
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("replica.lag.time.max.ms", Integer.toString(1_000 + random.nextInt(4_000)));
        settings.put("replica.fetch.backoff.ms", "100");
        settings.put("shard.count", Integer.toString(1 + random.nextInt(2)));
        settings.put("shard.ring.slots", "64");
        // So that it turns often: hardly more than the least there can be.
        settings.put("storage.file.journal.bytes", Integer.toString(80 << 10));
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(1 << 20));
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("group.consumer.min.heartbeat.interval.ms", "100");
        settings.put("group.consumer.heartbeat.interval.ms", "300");
        settings.put("group.consumer.min.session.timeout.ms", "1000");
        settings.put("group.consumer.session.timeout.ms", "3000");
        return settings;
    }

    /** Runs it to the end; the journal tells of the first thing that did not hold. */
    public void run() {
        cluster.startAll();
        var administrator = new Administrator(
                new ClusterClient(process(), cluster.network(), NODES),
                journal,
                topic -> cluster.image().topic(topic).isPresent());
        administrator.create(
                TOPIC,
                partitions,
                NODES,
                Map.of("min.insync.replicas", Integer.toString(minIsr)),
                () -> isTopicThere = true);
        if (!runUntil(() -> isTopicThere)) {
            journal.violated("I37", "the cluster did not start and create a topic");
            return;
        }
        load();
        suffer();
        heal();
    }

    /** Misfortune knows clients by this name. */
    private SimulatedProcess process() {
        return new SimulatedProcess(scheduler, "client");
    }

    private SdkClient client() {
        return new SdkClient(process(), cluster.network(), NODES);
    }

    private void load() {
        for (var i = 1 + scheduler.random().nextInt(2); i > 0; i--) {
            writers.add(new SdkWriter(client(), ledger, scheduler.random(), "writer" + i, TOPIC, partitions));
        }
        for (var i = 1 + scheduler.random().nextInt(3); i > 0; i--) {
            members.add(new SdkMember(client(), ledger, "member" + i, TOPIC));
        }
        writers.forEach(SdkWriter::begin);
        members.forEach(SdkMember::begin);
    }

    private void suffer() {
        runFor(TimeUnit.SECONDS.toNanos(scheduler.random().nextInt(5)));
        for (var strikes = scheduler.random().nextInt(MOST_STRIKES); strikes > 0 && isSound(); strikes--) {
            var random = scheduler.random();
            runFor(TimeUnit.MILLISECONDS.toNanos(1L << random.nextInt(13)));
            if (random.nextInt(6) == 0) {
                members.get(random.nextInt(members.size())).replace();
            } else {
                misfortune.strike();
            }
        }
        runFor(TimeUnit.SECONDS.toNanos(1));
    }

    private void heal() {
        misfortune.endAll();
        var isCalm = runUntil(() -> {
            cluster.endFailed();
            cluster.startAll();
            return cluster.isHealed();
        });
        writers.forEach(SdkWriter::stop);
        var isWritten = runUntil(() -> writers.stream().allMatch(SdkWriter::isDone));
        new SdkReader(client(), ledger, TOPIC, partitions).begin();
        var isRead = runUntil(ledger::isAllRead);
        runFor(TimeUnit.SECONDS.toNanos(2));
        var isDelivered = runUntil(ledger::isAllDelivered);
        if (!isSound()) {
            return;
        }
        if (!isCalm) {
            journal.violated("I37", "the cluster does not heal: " + cluster.image());
        } else if (!isWritten) {
            journal.violated("I38", "no end of writing: " + writers);
        } else if (!isRead) {
            journal.violated("I13", "a reader does not come to the end of what was acknowledged");
        } else if (!isDelivered) {
            journal.violated("I28", "the group does not come to the end: " + members);
        } else {
            ledger.check();
            journal.note(ledger.acknowledgedCount() + " records were acknowledged");
        }
    }

    /** Ends all processes. */
    public void end() {
        cluster.end();
    }

    private boolean isSound() {
        return journal.violation().isEmpty();
    }

    private void runFor(long nanos) {
        runUntil(() -> false, nanos);
    }

    private boolean runUntil(BooleanSupplier isReached) {
        return runUntil(isReached, HEAL_LIMIT_NANOS);
    }

    private boolean runUntil(BooleanSupplier isReached, long limitNanos) {
        var limit = scheduler.nowNanos() + limitNanos;
        while (isSound() && !isReached.getAsBoolean() && scheduler.nowNanos() < limit) {
            scheduler.runFor(Math.min(STEP_NANOS, limit - scheduler.nowNanos()));
        }
        return isSound() && isReached.getAsBoolean();
    }
}
