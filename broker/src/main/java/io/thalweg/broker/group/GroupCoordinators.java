package io.thalweg.broker.group;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.Partition;
import io.thalweg.coordinator.group.GroupCoordinator;
import io.thalweg.protocol.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Finds the coordinator of a group and asks it. Any thread. */
public final class GroupCoordinators {

    private final TopicTable topics;
    private final OffsetsTopic offsetsTopic;
    private final GroupHosts hosts;

    public GroupCoordinators(TopicTable topics, OffsetsTopic offsetsTopic, GroupHosts hosts) {
        this.topics = topics;
        this.offsetsTopic = offsetsTopic;
        this.hosts = hosts;
    }

    /**
     * Has the coordinator of the group answer; gives the refusal if that is not here, or not yet.
     *
     * @param worked hears, on the shard and before the answer is given, for how many nanoseconds it has worked on it
     */
    public <T> CompletionStage<T> ask(
            LongConsumer worked,
            String groupId,
            Function<GroupCoordinator, CompletionStage<T>> ask,
            Function<ErrorCode, T> refusal) {
        return partitionOf(groupId).thenCompose(partition -> {
            if (partition.isEmpty()) {
                return CompletableFuture.completedFuture(refusal.apply(ErrorCode.COORDINATOR_NOT_AVAILABLE));
            }
            return hostOf(partition.get()).call(partition.get(), worked, ask, refusal);
        });
    }

    private GroupHost hostOf(Partition partition) {
        return hosts.on(partition.shardIndex());
    }

    private CompletionStage<Optional<Partition>> partitionOf(String groupId) {
        return ensureTopic()
                .thenApply(topic -> topic.map(found -> found.partitions()
                        .get(OffsetsTopic.partitionOf(
                                groupId, found.partitions().size()))));
    }

    /** The index of the group's partition, once the topic exists; empty if it cannot be created. */
    public CompletionStage<Optional<Integer>> indexOf(String groupId) {
        return partitionOf(groupId)
                .thenApply(found -> found.map(partition -> partition.id().partition()));
    }

    private CompletionStage<Optional<HostedTopic>> ensureTopic() {
        var topic = find();
        if (topic != null) {
            return CompletableFuture.completedFuture(Optional.of(topic));
        }
        return offsetsTopic.create().thenApply(nothing -> Optional.ofNullable(find()));
    }

    private @Nullable HostedTopic find() {
        return topics.find(OffsetsTopic.NAME);
    }

    /** Has every coordinator answer, and gives the refusal for each that is not here, or not yet; see {@link #ask}. */
    public <T> List<CompletionStage<T>> askAll(
            LongConsumer worked, Function<GroupCoordinator, CompletionStage<T>> ask, Function<ErrorCode, T> refusal) {
        var topic = find();
        return topic == null
                ? List.of()
                : topic.partitions().stream()
                        .map(partition -> hostOf(partition).call(partition, worked, ask, refusal))
                        .toList();
    }
}
