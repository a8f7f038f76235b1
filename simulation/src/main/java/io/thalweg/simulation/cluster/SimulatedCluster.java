package io.thalweg.simulation.cluster;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.memory.coordination.InProcessQuorum;
import io.thalweg.simulation.check.Journal;
import io.thalweg.simulation.check.Ledger;
import io.thalweg.simulation.world.Lane;
import io.thalweg.simulation.world.Scheduler;
import io.thalweg.simulation.world.SimulatedNetwork;
import io.thalweg.simulation.world.SimulatedProcess;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Nodes 1 to n on one network, with one metadata quorum, and a ledger that follows them. Owned by the scheduler. */
public final class SimulatedCluster {

    /** The number of the member that only listens, for the ledger. */
    private static final int OBSERVER = 1000;

    private static final int ENTRIES_BETWEEN_SNAPSHOTS = 4;

    private final Scheduler scheduler;
    private final Journal journal;
    private final Ledger ledger;
    private final SimulatedNetwork network;
    private final InProcessQuorum quorum;
    private final List<SimulatedNode> nodes;
    private final Map<String, String> settings;
    private final SimulatedProcess watching;
    private final Lane observer;
    private boolean isNextInDoubt;
    private boolean hasWhims;
    private boolean hasPluginFaults;
    private MetadataImage image = MetadataImage.EMPTY;

    /** A cluster of so many nodes that are down. */
    public SimulatedCluster(
            Scheduler scheduler,
            Journal journal,
            int nodeCount,
            Map<String, String> settings,
            Ledger.Promises promises) {
        this.scheduler = scheduler;
        this.journal = journal;
        this.ledger = new Ledger(journal, promises);
        this.network = new SimulatedNetwork(scheduler);
        this.settings = Map.copyOf(settings);
        this.quorum =
                InProcessQuorum.of(IntStream.rangeClosed(1, nodeCount).boxed().toArray(Integer[]::new));
        this.nodes = IntStream.rangeClosed(1, nodeCount)
                .mapToObj(id -> new SimulatedNode(this, id))
                .toList();
        this.watching = new SimulatedProcess(scheduler, "observer");
        this.observer = watching.lane("metadata");
        var member = quorum.join(OBSERVER, task -> observer.post(0, task));
        member.subscribe(new Following(member));
    }

    /** Keeps the image, and a snapshot of it now and then: who was cut off meanwhile hears of all that it missed at once. */
    private final class Following implements MetadataListener {

        private final MetadataLog member;

        Following(MetadataLog member) {
            this.member = member;
        }

        @Override
        public void snapshot(long endOffset, List<ByteBuffer> records) {
            image = MetadataRecords.replay(MetadataImage.EMPTY, MetadataRecords.decode(records));
            ledger.imaged(image);
        }

        @Override
        public void committed(long offset, List<ByteBuffer> records) {
            image = MetadataRecords.replay(image, MetadataRecords.decode(records));
            ledger.imaged(image);
            if (offset % ENTRIES_BETWEEN_SNAPSHOTS == 0) {
                member.snapshot(offset + 1, MetadataRecords.encode(ImageRecords.of(image)));
            }
        }

        @Override
        public void leadership(Leadership leadership) {
            journal.note("metadata is led by " + leadership.leaderId() + " in epoch " + leadership.epoch());
        }
    }

    /** Has the storage of nodes that start from now on do what plug-ins may, and in half of the worlds now and then what they may not. */
    public void allowWhims() {
        hasWhims = true;
        // Where logs are damaged, the damaged one may be the last that is left when others are given up.
        if (scheduler.random().nextBoolean() && !ledger.areLogsDamaged()) {
            hasPluginFaults = true;
            journal.expectUnknownErrors();
        }
    }

    /** How often the storage of a node breaks its word in the life that begins. */
    double drawPluginFaults() {
        return hasPluginFaults ? 1.0 / (1 << (3 + scheduler.random().nextInt(9))) : 0;
    }

    /** From now on all storages keep their word. */
    void endPluginFaults() {
        hasPluginFaults = false;
        nodes.forEach(node -> node.faults().end());
    }

    boolean hasWhims() {
        return hasWhims;
    }

    /** Has the next proposal cost its proposer the leadership, which is not told that it was committed. */
    void doubtNextProposal() {
        isNextInDoubt = true;
    }

    /** Whether the proposal that is made now is that one. */
    boolean takeDoubt() {
        var isInDoubt = isNextInDoubt;
        isNextInDoubt = false;
        return isInDoubt;
    }

    /** Whether an error of this text follows from such a proposal. */
    public static boolean isDoubt(String error) {
        return SimulatedVoter.isNamedIn(error);
    }

    /** Starts the nodes that are down. */
    public void startAll() {
        nodes.stream().filter(node -> !node.isUp()).forEach(node -> node.start(settings));
    }

    /** Ends processes that have given up what lay on a disk or with a plug-in that failed, as far as nothing is lost with them. */
    public void endFailed() {
        nodes.stream()
                .filter(node -> node.isUp() && node.hasFailed() && ledger.canDie(node.id()))
                .forEach(node -> node.kill(false));
    }

    /** Whether a journal was used for a topic on one of the disks there are now. */
    public boolean hasJournaled(String topic) {
        return nodes.stream().anyMatch(node -> node.hasJournaled(topic));
    }

    /** The same, some time later. */
    void afterwards(long nanos, Runnable task) {
        watching.timers().schedule(nanos, task);
    }

    /** Begins an orderly stop of those that serve. */
    public void stopAll() {
        nodes.stream().filter(SimulatedNode::isServing).forEach(SimulatedNode::stop);
    }

    /** Starts one that is down. */
    public void start(SimulatedNode node) {
        node.start(settings);
    }

    /** Runs a task of the simulation itself, in an event of its own. */
    void afterwards(Runnable task) {
        observer.post(task);
    }

    public List<SimulatedNode> nodes() {
        return nodes;
    }

    /** What the controller has written. */
    public MetadataImage image() {
        return image;
    }

    /** One that leads a partition of which a node that may lead again has a replica which is not in sync yet. */
    OptionalInt leaderWithout(int node) {
        return image.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(each -> image.isActive(node) && each.hasLeader())
                .filter(each -> each.replicas().contains(node) && !each.isr().contains(node))
                .mapToInt(PartitionImage::leader)
                .findFirst();
    }

    /** Whether all nodes serve, and all partitions have all their replicas in sync. */
    public boolean isHealed() {
        return nodes.stream().allMatch(node -> node.isServing() && image.isActive(node.id())) && ledger.isHealed();
    }

    /** Ends all processes. */
    public void end() {
        nodes.stream().filter(SimulatedNode::isUp).forEach(node -> node.kill(false));
    }

    public Scheduler scheduler() {
        return scheduler;
    }

    public Journal journal() {
        return journal;
    }

    public Ledger ledger() {
        return ledger;
    }

    public SimulatedNetwork network() {
        return network;
    }

    public InProcessQuorum quorum() {
        return quorum;
    }
}
