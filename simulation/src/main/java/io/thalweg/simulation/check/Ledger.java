package io.thalweg.simulation.check;

import io.thalweg.broker.replication.MaximalIsr;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.storage.LogId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.LongToIntFunction;

/** Everything that is known of all partitions, checked as it comes. Owned by the scheduler. */
public final class Ledger {

    private final Journal journal;
    private final Map<Key, PartitionLedger> partitions = new LinkedHashMap<>();
    private final Promises promises;
    private final Map<Key, Integer> imagedEpochs = new HashMap<>();
    private final Set<UUID> deletedTopics = new HashSet<>();
    private final Map<Integer, Long> brokerEpochs = new HashMap<>();
    private final Set<Integer> givenUp = new HashSet<>();

    /**
     * What is promised of records.
     *
     * @param isSynced whether what is acknowledged is synced; what is not may be lost with the power
     * @param isCompacted whether only the last one of each key is kept
     * @param areLogsDamaged whether a batch may be damaged on one of those that have it
     */
    public record Promises(boolean isSynced, boolean isCompacted, boolean areLogsDamaged) {}

    private record Key(UUID topicId, int partition) {}

    /** An empty one; what is broken goes to the journal. */
    public Ledger(Journal journal, Promises promises) {
        this.journal = journal;
        this.promises = promises;
    }

    /** A batch as it is somewhere. */
    public BatchNote note(RecordBatch batch) {
        return BatchNote.of(batch, promises.isCompacted);
    }

    /** A batch that a producer has sent, and that got this offset. */
    public BatchNote sent(RecordBatch batch, long baseOffset, int leaderEpoch) {
        return BatchNote.sent(batch, baseOffset, leaderEpoch, promises.isCompacted);
    }

    private PartitionLedger of(LogId id) {
        return of(new Key(id.topicId(), id.partition()), id.toString());
    }

    private PartitionLedger of(Key key, String name) {
        return partitions.computeIfAbsent(key, partition -> new PartitionLedger(name, journal, promises));
    }

    /** A node opened a log and found this in it. */
    public void opened(int node, LogId id, Collection<BatchNote> found, long startOffset, LongSupplier durableEnd) {
        var partition = of(id);
        partition.reopened(node, found, startOffset);
        partition.replica(node).opened(found, startOffset, durableEnd);
    }

    /** A node's log was given batches. */
    public void appended(int node, LogId id, List<BatchNote> notes) {
        journal.detail("node %d appends %s to %s", node, notes, id);
        notes.forEach(note -> of(id).appended(node, note));
    }

    /** What a node's log holds, in its order. */
    List<BatchNote> held(int node, LogId id) {
        return of(id).replica(node).all();
    }

    /** A node leads a partition, and waits for these before it takes a record for committed. */
    public void leads(int node, LogId id, int leaderEpoch, MaximalIsr waitsFor) {
        of(id).leads(node, leaderEpoch, waitsFor);
    }

    /** A leader takes what lies at an offset to be of this epoch. */
    public void knowsEpochs(int node, LogId id, LongToIntFunction epochAt) {
        of(id).knowsEpochs(node, epochAt);
    }

    /** A node begins to cut its log. */
    public void cutBegan(int node, LogId id, long endOffset) {
        journal.note("node " + node + " cuts " + id + " at " + endOffset);
        of(id).replica(node).cutBegan(endOffset);
    }

    /** It has ended to. */
    public void cutEnded(int node, LogId id) {
        of(id).replica(node).cutEnded();
    }

    /** It was not cut, or not all of it: this is where it ends now. */
    public void cutFailed(int node, LogId id, long endOffset) {
        journal.note("node " + node + " could not cut " + id + ", which ends at " + endOffset);
        of(id).replica(node).cutFailed(endOffset);
    }

    /** A node's log begins here now. */
    public void startMoved(int node, LogId id, long startOffset) {
        journal.note("node " + node + " lets go of " + id + " below " + startOffset);
        of(id).startMoved(node, startOffset);
    }

    /** A node's log is gone. */
    public void deleted(int node, LogId id) {
        journal.note("node " + node + " deletes " + id);
        of(id).forget(node);
    }

    /** A node's process is dead, and with the power what was not durable. */
    public void died(int node, boolean isPowerLost) {
        partitions.values().forEach(partition -> partition.died(node, isPowerLost));
    }

    /** Whether what was acknowledged outlasts the loss of a node's power now. */
    public boolean canLosePower(int node, int minIsr) {
        return partitions.values().stream().allMatch(partition -> partition.canLosePower(node, minIsr, givenUp));
    }

    /** The same for the death of its process, be it orderly or not. */
    public boolean canDie(int node) {
        return partitions.values().stream().allMatch(partition -> partition.canDie(node));
    }

    /** Whether what was acknowledged is synced. */
    public boolean isSynced() {
        return promises.isSynced;
    }

    /** Whether only the last record of each key is kept. */
    public boolean isCompacted() {
        return promises.isCompacted;
    }

    /** Whether batches are damaged in this world. */
    public boolean areLogsDamaged() {
        return promises.areLogsDamaged;
    }

    /** Whether a batch of a node's log, which it calls so, can be damaged now, and nothing of what was acknowledged is lost. */
    public boolean canBeDamaged(int node, String log) {
        return partitions.values().stream()
                .anyMatch(partition -> partition.isCalled(log) && partition.canBeDamaged(node, givenUp));
    }

    /** Whether no replica is damaged or has lost something, and may need any other one, so that some may be taken away. */
    public boolean canLoseReplicas() {
        return partitions.values().stream().noneMatch(PartitionLedger::isAnyInNeed);
    }

    /** The cluster is asked to forget a broker, from then on what that one has does not count. */
    public void givenUp(int broker) {
        givenUp.add(broker);
    }

    /** That has happened to these offsets. */
    public void damaged(int node, String log, long from, long to) {
        partitions.values().stream()
                .filter(partition -> partition.isCalled(log))
                .forEach(partition -> partition.damaged(node, from, to));
    }

    /** Whether something of a node's logs is damaged. */
    public boolean isDamaged(int node) {
        return partitions.values().stream().anyMatch(partition -> partition.isDamaged(node));
    }

    /** Where what is damaged of a node's log ends; nothing if nothing is. */
    OptionalLong endOfDamage(int node, LogId id) {
        return of(id).replica(node).endOfDamage();
    }

    /** Whether a reader may meet what is damaged. */
    public boolean isDamaged(LogId id) {
        return of(id).wasDamaged();
    }

    /** A producer was told that its batch is on all replicas in sync. */
    public void acknowledged(LogId id, BatchNote note, int minIsr) {
        journal.detail("acknowledged %s of %s", note, id);
        of(id).acknowledged(note, minIsr);
    }

    /** A consumer has read a batch, which was what came first from an offset on. */
    public void read(LogId id, BatchNote note, long from) {
        of(id).read(note, from);
    }

    /** A consumer has read a compacted partition from its first offset to its end, and this is what it got. */
    public void readThrough(LogId id, List<BatchNote> notes) {
        of(id).readThrough(notes);
    }

    /** The controller has written this. */
    public void imaged(MetadataImage image) {
        for (var broker : image.brokers()) {
            var before = brokerEpochs.put(broker.id(), broker.epoch());
            if (before != null && before != broker.epoch()) {
                partitions.values().forEach(partition -> partition.registered(broker.id()));
            }
        }
        for (var key : List.copyOf(imagedEpochs.keySet())) {
            if (image.topic(key.topicId()).isEmpty()) {
                imagedEpochs.remove(key);
                deletedTopics.add(key.topicId());
                of(key, "").deleted();
            }
        }
        for (var topic : image.topics()) {
            for (var partition : topic.partitions()) {
                var key = new Key(topic.id(), partition.partition());
                var epochBefore = imagedEpochs.put(key, partition.partitionEpoch() * 31 + partition.leaderEpoch());
                if (epochBefore == null || epochBefore != partition.partitionEpoch() * 31 + partition.leaderEpoch()) {
                    journal.note(topic.name() + "-" + partition.partition() + " is led by " + partition.leader()
                            + " in epoch " + partition.leaderEpoch() + "/" + partition.partitionEpoch() + ", isr "
                            + partition.isr() + ", elr " + partition.elr() + ", replicas " + partition.replicas());
                    of(key, topic.name() + "-" + partition.partition()).imaged(partition);
                }
            }
        }
    }

    /** Whether the controller has deleted a topic. */
    public boolean isDeleted(UUID topicId) {
        return deletedTopics.contains(topicId);
    }

    /** Whether every partition has all its replicas in sync. */
    public boolean isHealed() {
        return partitions.values().stream().allMatch(PartitionLedger::isHealed);
    }

    /** Whether the replicas of every partition hold the same. */
    public boolean isConverged() {
        return partitions.values().stream().allMatch(PartitionLedger::isConverged);
    }

    /** Checks what holds once nothing happens any more. */
    public void converged() {
        partitions.values().forEach(PartitionLedger::converged);
    }

    /** What clients were told is in a partition, in its order. */
    public Collection<BatchNote> committed(LogId id) {
        return of(id).committed();
    }

    public Journal journal() {
        return journal;
    }
}
