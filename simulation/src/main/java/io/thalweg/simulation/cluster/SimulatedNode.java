package io.thalweg.simulation.cluster;

import io.thalweg.broker.Broker;
import io.thalweg.broker.BrokerBuilder;
import io.thalweg.broker.partition.LeaderPartition;
import io.thalweg.memory.disk.PowerLossDisk;
import io.thalweg.simulation.check.FickleStorage;
import io.thalweg.simulation.check.IndexCheck;
import io.thalweg.simulation.check.PluginFaults;
import io.thalweg.simulation.check.WatchedStorage;
import io.thalweg.simulation.world.DiskDamage;
import io.thalweg.simulation.world.DiskTrouble;
import io.thalweg.simulation.world.LogDamage;
import io.thalweg.simulation.world.SimulatedDisk;
import io.thalweg.simulation.world.SimulatedProcess;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One node: a disk, and a process while it is up. Owned by the scheduler. */
public final class SimulatedNode {

    private static final Path LOGS = Path.of("/logs");
    /** What a leader knows of epochs is compared with its whole log now and then. */
    private static final int TURNS_BETWEEN_EPOCHS = 16;

    private static final long FASTEST_WORK_NANOS = 100_000;

    /** What the engine answered when it was closed reaches the event loops of a transport that is not the broker's own. */
    private static final long SETTLE_NANOS = 10_000_000;

    /** The slowest disk takes some ten milliseconds for what the fastest does in 0.1. */
    private static final int SPREAD_OF_WORK = 8;

    private final SimulatedCluster cluster;
    private final int id;
    private final DiskTrouble trouble;
    private final PluginFaults faults;
    private PowerLossDisk disk = new PowerLossDisk(Integer.MAX_VALUE);
    private @Nullable SimulatedProcess process;
    private @Nullable SimulatedQuorum quorum;
    private @Nullable Broker broker;

    /** The disk as the process has it. */
    private @Nullable SimulatedDisk opened;

    private boolean isStopping;
    private int turnsUntilEpochs;

    /** Whether no index of times was ever damaged here. */
    private boolean areTimesSure = true;

    SimulatedNode(SimulatedCluster cluster, int id) {
        this.cluster = cluster;
        this.id = id;
        this.trouble = new DiskTrouble(cluster.scheduler().random());
        this.faults = new PluginFaults(cluster.scheduler().random());
    }

    public int id() {
        return id;
    }

    /** How the network knows it. */
    public String name() {
        return "n" + id;
    }

    /** Whether there is a process, be it starting, serving or stopping. */
    public boolean isUp() {
        return process != null;
    }

    /** Whether its broker serves. */
    public boolean isServing() {
        return broker != null && !isStopping;
    }

    /** The process, which is up. */
    public SimulatedProcess process() {
        return Objects.requireNonNull(process, "process of a node that is down");
    }

    /** Starts a process; the broker serves some time later. */
    public void start(Map<String, String> settings) {
        if (process != null) {
            throw new IllegalStateException("node " + id + " is up");
        }
        cluster.journal().note("node " + id + " starts");
        var starting = new SimulatedProcess(cluster.scheduler(), name());
        trouble.begin();
        faults.begin(cluster.drawPluginFaults());
        starting.setWorkDelay(FASTEST_WORK_NANOS << cluster.scheduler().random().nextInt(SPREAD_OF_WORK));
        var member = new SimulatedQuorum(cluster, starting);
        process = starting;
        quorum = member;
        isStopping = false;
        var files = new SimulatedDisk(disk, trouble, starting);
        opened = files;
        var random = cluster.scheduler().random();
        var storage = new WatchedStorage(
                FileStorage.at(LOGS).on(files),
                id,
                cluster.ledger(),
                new IndexCheck(id, cluster.journal(), random, areTimesSure));
        var builder = Broker.builder()
                .nodeId(id)
                .config(settings)
                .listen(name() + ":9092")
                .transport(cluster.network().of(starting))
                .storage(cluster.hasWhims() ? new FickleStorage(storage, random, faults) : storage)
                .metadataLog(member);
        starting.afterTurns(this::lookAtLeaders);
        starting.runInFiber("start", () -> start(builder, starting));
    }

    private void start(BrokerBuilder builder, SimulatedProcess starting) {
        try {
            broker = builder.start(starting.world());
            cluster.journal().note("node " + id + " serves");
        } catch (RuntimeException e) {
            if (!isTrouble(e)) {
                throw e;
            }
            cluster.journal().note("node " + id + " does not start: " + e);
            endAfterwards(starting);
        }
    }

    private void lookAtLeaders() {
        if (broker != null) {
            broker.leaders().forEach(this::lookAt);
        }
    }

    private void lookAt(LeaderPartition leader) {
        var partition = leader.state().published();
        cluster.ledger().leads(id, partition.id(), leader.leaderEpoch(), leader.maximalIsr());
        if (!leader.isClosed() && turnsUntilEpochs-- == 0) {
            turnsUntilEpochs = TURNS_BETWEEN_EPOCHS;
            cluster.ledger().knowsEpochs(id, partition.id(), partition.epochs()::epochAt);
        }
    }

    private static boolean isTrouble(Throwable failure) {
        var text = String.valueOf(failure.getMessage());
        return DiskTrouble.isNamedIn(text)
                || PluginFaults.isNamedIn(text)
                || (failure.getCause() != null && isTrouble(failure.getCause()));
    }

    private void endAfterwards(SimulatedProcess ended) {
        cluster.afterwards(() -> {
            if (process == ended) {
                died(trouble.hasBroken(), false);
            }
        });
    }

    /** Whether it has ever run. */
    boolean hasBegun() {
        return quorum != null;
    }

    /** Damages a file of a node that is down; none of those that tell which batches cannot be missed, while one of them is. */
    void damage() {
        if (!cluster.ledger().isDamaged(id)) {
            var damage = new DiskDamage(disk, cluster.scheduler().random()).strike(LOGS);
            cluster.journal().note("node " + id + ": " + damage);
            areTimesSure &= !DiskDamage.isOfTimes(damage);
        }
    }

    /** Damages a batch of a node that is down, of which others have all. */
    void damageLog() {
        var ledger = cluster.ledger();
        new LogDamage(disk, cluster.scheduler().random())
                .strike(LOGS, log -> ledger.canBeDamaged(id, log))
                .ifPresent(lost -> {
                    cluster.journal()
                            .note("node " + id + ": " + lost.text() + " of " + lost.from() + " to " + lost.to());
                    ledger.damaged(id, lost.log(), lost.from(), lost.to());
                });
    }

    /** Whether the journal on its disk has entries of a topic, or had some that were not written over since. */
    boolean hasJournaled(String topic) {
        try {
            for (var path : disk.list(LOGS)) {
                if (path.getFileName().toString().startsWith("thalweg-journal")
                        && textOf(path).contains(topic)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String textOf(Path path) throws IOException {
        try (var file = disk.open(path, false)) {
            var bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
        }
    }

    /** Whether its disk or its storage has failed since its process was started. */
    boolean hasFailed() {
        return trouble.hasFailed() || faults.hasThrown();
    }

    /** What its storage throws. */
    PluginFaults faults() {
        return faults;
    }

    /** What is wrong with its disk. */
    DiskTrouble trouble() {
        return trouble;
    }

    /**
     * Ends the process at once, and with the power what was not synced. The power goes too where the disk has failed: what a failed sync
     * left behind a later process would find, take for written and be wrong.
     */
    public void kill(boolean isPowerLost) {
        var isLost = isPowerLost || trouble.hasBroken();
        cluster.journal().note("node " + id + (isLost ? " loses its power" : " is killed"));
        died(isLost, isLost && cluster.scheduler().random().nextBoolean());
    }

    private void died(boolean isPowerLost, boolean isSilent) {
        cluster.ledger().died(id, isPowerLost);
        end(isSilent);
        if (isPowerLost) {
            disk = disk.afterPowerLoss(cluster.scheduler().random(), Integer.MAX_VALUE);
        }
    }

    private void end(boolean isSilent) {
        if (isSilent) {
            process().killSilently();
        } else {
            process().kill();
        }
        Objects.requireNonNull(quorum, "quorum member").end();
        process = null;
        broker = null;
    }

    /** Whether an orderly stop is under way. */
    boolean isStopping() {
        return isUp() && isStopping;
    }

    /** Begins an orderly stop, which gives back everything (I40). */
    public void stop() {
        var stopping = Objects.requireNonNull(broker, "broker of a node that does not serve");
        var files = Objects.requireNonNull(opened, "disk of a node that does not serve");
        cluster.journal().note("node " + id + " stops");
        isStopping = true;
        var mine = process();
        mine.runInFiber("stop", () -> {
            stopping.close();
            cluster.journal().note("node " + id + " has stopped");
            mine.world().timers().schedule(SETTLE_NANOS, () -> stopped(mine, files));
        });
    }

    private void stopped(SimulatedProcess ended, SimulatedDisk files) {
        if (!files.held().isEmpty()) {
            cluster.journal().violated("I40", "node " + id + " has stopped and holds " + files.held());
        }
        endAfterwards(ended);
    }
}
