package io.thalweg.simulation;

import io.thalweg.simulation.check.GroupLedger;
import io.thalweg.simulation.check.Journal;
import io.thalweg.simulation.check.PluginFaults;
import io.thalweg.simulation.cluster.Misfortune;
import io.thalweg.simulation.cluster.SimulatedCluster;
import io.thalweg.simulation.cluster.SimulatedNode;
import io.thalweg.simulation.load.Administrator;
import io.thalweg.simulation.load.ClassicGroupMember;
import io.thalweg.simulation.load.ClusterClient;
import io.thalweg.simulation.load.ConsumerGroupMember;
import io.thalweg.simulation.load.GroupMember;
import io.thalweg.simulation.load.PartitionReader;
import io.thalweg.simulation.load.PartitionWriter;
import io.thalweg.simulation.load.Serials;
import io.thalweg.simulation.world.DiskTrouble;
import io.thalweg.simulation.world.LogDamage;
import io.thalweg.simulation.world.Scheduler;
import io.thalweg.simulation.world.SimulatedProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntToLongFunction;

/**
 * One run: three brokers from their first start, clients that write and read, misfortune for a while, and then what has to come right
 * again. Everything about it follows from the seed. Confined to one thread.
 */
final class Simulation {

    private static final String TOPIC = "orders";
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long HEAL_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final long seed;
    private final Scheduler scheduler;
    private final Journal journal;
    private final SimulatedCluster cluster;
    private final Misfortune misfortune;
    private final List<PartitionWriter> writers = new ArrayList<>();
    private final List<PartitionReader> readers = new ArrayList<>();
    private final Serials serials = new Serials();
    private final WorldPlan plan;
    private final List<GroupMember> members = new ArrayList<>();
    private final GroupLedger group;
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
        this.group = new GroupLedger(journal, WorldPlan.GROUP_SESSION_NANOS);
        this.plan = WorldPlan.of(scheduler.random());
        this.cluster = new SimulatedCluster(
                scheduler, journal, plan.nodes(), plan.settings(scheduler.random()), plan.promises());
        if (plan.hasWhims()) {
            cluster.allowWhims();
        }
        this.misfortune = new Misfortune(cluster, plan.minIsr());
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
        var tap = LogTap.open(journal, isVerbose, this::isExpected);
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

    /** Errors that name what is wrong with a disk or a plug-in, or that a proposal ended in doubt. */
    private boolean isExpected(String error) {
        return DiskTrouble.isNamedIn(error)
                || PluginFaults.isNamedIn(error)
                || SimulatedCluster.isDoubt(error)
                || (plan.areLogsDamaged() && LogDamage.isNamedIn(error));
    }

    /** Whether what was written went through a journal. */
    boolean hasJournaled() {
        return cluster.hasJournaled(TOPIC);
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
        var administrator = new Administrator(
                client(clients), journal, topic -> cluster.image().topic(topic).isPresent());
        administrator.create(TOPIC, plan.partitions(), 3, plan.configs(), () -> isTopicThere = true);
        if (!runUntil(() -> isTopicThere, HEAL_LIMIT_NANOS)) {
            journal.violated("I37", "the cluster did not start and create a topic");
            return;
        }
        for (var partition = 0; partition < plan.partitions(); partition++) {
            use(clients, partition);
        }
        for (var member = 0; member < plan.members(); member++) {
            var joining = member(clients);
            members.add(joining);
            joining.begin();
        }
        suffer(clients, new Administration(plan, cluster, administrator, partition -> use(clients, partition)));
        heal(administrator);
    }

    private GroupMember member(SimulatedProcess clients) {
        IntToLongFunction ends = partition -> readers.get(partition).furthest();
        return isNextClassic()
                ? new ClassicGroupMember(
                        client(clients),
                        group,
                        new ClassicGroupMember.Plan(TOPIC, plan.partitions(), WorldPlan.GROUP_SESSION_NANOS),
                        ends)
                : new ConsumerGroupMember(client(clients), group, TOPIC, ends);
    }

    private boolean isNextClassic() {
        return switch (plan.protocols()) {
            case CLASSIC -> true;
            case CONSUMER -> false;
            case BOTH -> scheduler.random().nextBoolean();
        };
    }

    /** In the place of one that ends comes another, which may speak the other protocol. */
    private void replaceMember(SimulatedProcess clients) {
        var random = scheduler.random();
        var coming = member(clients);
        members.set(random.nextInt(members.size()), coming).end(random.nextBoolean());
        coming.begin();
    }

    private ClusterClient client(SimulatedProcess clients) {
        return new ClusterClient(clients, cluster.network(), plan.nodes());
    }

    /** Has a partition written to and read. */
    private void use(SimulatedProcess clients, int partition) {
        write(new PartitionWriter(client(clients), cluster.ledger(), serials, plan(partition, true)));
        if (scheduler.random().nextBoolean()) {
            write(new PartitionWriter(client(clients), cluster.ledger(), serials, plan(partition, false)));
        }
        var reader = new PartitionReader(client(clients), cluster.ledger(), TOPIC, partition, plan.isWholeLogKept());
        readers.add(reader);
        reader.begin();
    }

    private void write(PartitionWriter writer) {
        writers.add(writer);
        writer.begin();
    }

    private PartitionWriter.Plan plan(int partition, boolean isIdempotent) {
        var random = scheduler.random();
        return new PartitionWriter.Plan(
                TOPIC,
                partition,
                isIdempotent,
                plan.isCompacted(),
                plan.minIsr(),
                1 + random.nextInt(5),
                TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(200)));
    }

    private void suffer(SimulatedProcess clients, Administration administration) {
        var random = scheduler.random();
        for (var strike = 0; strike < plan.strikes() && isSound(); strike++) {
            runFor(TimeUnit.MILLISECONDS.toNanos(1L << random.nextInt(13)));
            misfortune.strike();
            if (random.nextInt(6) == 0) {
                administration.act();
            }
            if (!members.isEmpty() && plan.protocols() == WorldPlan.Protocols.BOTH && random.nextInt(3) == 0) {
                replaceMember(clients);
            }
            if (!members.isEmpty() && random.nextInt(4) == 0) {
                members.get(random.nextInt(members.size()))
                        .pause(TimeUnit.MILLISECONDS.toNanos(1L << random.nextInt(13)));
            }
        }
        runFor(TimeUnit.SECONDS.toNanos(1));
    }

    /** I37, I38: once nothing is wrong any more, all comes right. */
    private void heal(Administrator administrator) {
        misfortune.endAll();
        runFor(TimeUnit.SECONDS.toNanos(1));
        // A node that was stopping when all healed is down by now or soon.
        var isCalm = runUntil(
                () -> {
                    cluster.endFailed();
                    cluster.startAll();
                    return administrator.isIdle() && cluster.isHealed();
                },
                HEAL_LIMIT_NANOS);
        writers.forEach(PartitionWriter::stop);
        var isWritten = runUntil(() -> writers.stream().allMatch(PartitionWriter::isDone), HEAL_LIMIT_NANOS);
        runFor(TimeUnit.SECONDS.toNanos(2));
        readers.forEach(PartitionReader::finish);
        var isRead = runUntil(() -> readers.stream().allMatch(PartitionReader::isAtEnd), HEAL_LIMIT_NANOS);
        var isCommitted = runUntil(this::isGroupDone, HEAL_LIMIT_NANOS);
        // A replica may fall out of sync once more: one that was not told that its connection is gone learns it late.
        isCalm = isCalm && runUntil(() -> cluster.isHealed() && cluster.ledger().isConverged(), HEAL_LIMIT_NANOS);
        if (!isSound()) {
            return;
        }
        if (!isCalm) {
            journal.violated("I37", "the cluster does not heal: " + cluster.image());
        } else if (!isWritten) {
            journal.violated("I38", "no end of writing: " + writers);
        } else if (!isRead) {
            journal.violated("I38", "no end of reading: " + readers);
        } else if (!isCommitted) {
            journal.violated("I38", "no end of what members do: " + members);
        } else {
            cluster.ledger().converged();
            writers.forEach(PartitionWriter::checkOrder);
            readers.forEach(PartitionReader::checkWhole);
            stop();
        }
    }

    /** I40: all nodes come to their end in order, and hold nothing then. */
    private void stop() {
        cluster.stopAll();
        if (!runUntil(() -> cluster.nodes().stream().noneMatch(SimulatedNode::isUp), HEAL_LIMIT_NANOS) && isSound()) {
            journal.violated("I40", "not all nodes stop");
        }
    }

    /** Everything was read and its end committed by somebody. */
    private boolean isGroupDone() {
        for (var partition = 0; partition < readers.size() && !members.isEmpty(); partition++) {
            if (group.committed(partition) < readers.get(partition).furthest()) {
                return false;
            }
        }
        return true;
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
