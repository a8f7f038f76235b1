package io.thalweg.broker.shard;

import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.purgatory.Watch;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.storage.LogId;
import java.util.List;

/** The broker's shards: which partition lives where, and the ways to reach it. Immutable. */
public final class Shards {

    private final List<PartitionHost> hosts;
    private final Timers timers;

    /** The hosts by the index of their shard. */
    public Shards(List<PartitionHost> hosts, Timers timers) {
        this.hosts = List.copyOf(hosts);
        this.timers = timers;
    }

    public int count() {
        return hosts.size();
    }

    public List<PartitionHost> hosts() {
        return hosts;
    }

    public PartitionHost hostOf(Partition partition) {
        return hosts.get(partition.shardIndex());
    }

    public Timers timers() {
        return timers;
    }

    /** The shard of a log: the same for the life of the topic, and neighbours on different ones. */
    public int indexOf(LogId id) {
        return Math.floorMod(id.topicId().hashCode() + id.partition(), hosts.size());
    }

    /** Publishes to the shard on which all partitions of the group live, unless its ring is full. */
    public boolean tryPublish(AppendGroup group) {
        return shardOf(group).tryPublish(group);
    }

    /** Whether the shard of the group takes no more, so that trying again is in vain. */
    public boolean isClosing(AppendGroup group) {
        return shardOf(group).isClosing();
    }

    private Shard shardOf(AppendGroup group) {
        return hosts.get(group.appends().get(0).partition().shardIndex()).shard();
    }

    /** A follower has fetched from these partitions, and acknowledges what it did not ask for any more. */
    public void acknowledged(int replicaId, long brokerEpoch, List<Acknowledgement> acknowledgements) {
        if (acknowledgements.isEmpty()) {
            return;
        }
        var first = acknowledgements.get(0).partition().shardIndex();
        if (acknowledgements.stream().allMatch(each -> each.partition().shardIndex() == first)) {
            hosts.get(first).acknowledged(replicaId, brokerEpoch, acknowledgements);
            return;
        }
        for (var host : hosts) {
            var index = host.shard().index();
            var here = acknowledgements.stream()
                    .filter(each -> each.partition().shardIndex() == index)
                    .toList();
            if (!here.isEmpty()) {
                host.acknowledged(replicaId, brokerEpoch, here);
            }
        }
    }

    /**
     * A partition as a reader saw it: if one of these is no longer so, reading again may find something else.
     *
     * @param endOffset up to where it may read: a follower to the log end, others to the high watermark
     */
    public record Seen(Partition partition, boolean byFollower, long logStartOffset, long endOffset, int leaderEpoch) {}

    /** Leaves the watch with these partitions; it fires as soon as one of them is not as seen. */
    public void watch(Watch watch, List<Seen> partitions) {
        for (var host : hosts) {
            var here = partitions.stream()
                    .filter(seen ->
                            seen.partition().shardIndex() == host.shard().index())
                    .toList();
            if (!here.isEmpty()) {
                host.watch(watch, here);
            }
        }
    }
}
