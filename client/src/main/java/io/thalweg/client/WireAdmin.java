package io.thalweg.client;

import io.thalweg.api.Admin;
import io.thalweg.api.ClusterDescription;
import io.thalweg.api.GroupDescription;
import io.thalweg.api.GroupListing;
import io.thalweg.api.NewTopic;
import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicDescription;
import io.thalweg.api.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Looks after topics, groups and the cluster: has others ask, and says what fails in the words of the API. Any thread may call. */
final class WireAdmin implements Admin {

    private final ClientRuntime runtime;
    private final TopicAdmin topics;
    private final TopicChanges changes;
    private final Visibility visibility;
    private final GroupAdmin groups;
    private final OffsetLookup offsets;
    private final MetadataCache metadata;
    private final Retries retries;

    WireAdmin(
            ClientRuntime runtime,
            TopicAdmin topics,
            GroupAdmin groups,
            OffsetLookup offsets,
            MetadataCache metadata,
            Connections connections,
            Retries retries) {
        this.runtime = runtime;
        this.topics = topics;
        this.groups = groups;
        this.offsets = offsets;
        this.metadata = metadata;
        this.retries = retries;
        this.visibility = new Visibility(metadata, connections, retries);
        this.changes = new TopicChanges(metadata, connections, retries, visibility);
    }

    @Override
    public CompletionStage<Void> createTopic(NewTopic topic) {
        return runtime.shown(topics.create(topic)
                .thenCompose(created ->
                        visibility.ofTopic(topic.name(), each -> Visibility.isLed(each, topic.partitions()))));
    }

    @Override
    public CompletionStage<Void> deleteTopic(String name) {
        return runtime.shown(topics.delete(name).thenCompose(deleted -> visibility.ofTopic(name, Visibility::isGone)));
    }

    @Override
    public CompletionStage<Void> raisePartitions(String name, int partitions) {
        return runtime.shown(known().thenCompose(known -> changes.raisePartitions(name, partitions)));
    }

    @Override
    public CompletionStage<Void> changeConfig(String name, Map<String, Optional<String>> toChange) {
        return runtime.shown(known().thenCompose(known -> changes.changeConfig(name, Map.copyOf(toChange))));
    }

    /** Has the brokers known before the first question to all of them. */
    private CompletableFuture<?> known() {
        return metadata.image().brokers().isEmpty()
                ? retries.run(() -> metadata.ask(List.of()))
                : CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<List<TopicDescription>> topics() {
        return runtime.shown(topics.list());
    }

    @Override
    public CompletionStage<TopicDescription> topic(String name) {
        return runtime.shown(topics.describe(name));
    }

    @Override
    public CompletionStage<Map<TopicPartition, Long>> offsets(Map<TopicPartition, StartPosition> positions) {
        return runtime.shown(offsets.resolve(Map.copyOf(positions)));
    }

    @Override
    public CompletionStage<List<GroupListing>> groups() {
        return runtime.shown(groups.list());
    }

    @Override
    public CompletionStage<GroupDescription> group(String groupId) {
        return runtime.shown(groups.describe(groupId));
    }

    @Override
    public CompletionStage<Void> commitOffsets(String groupId, Map<TopicPartition, Long> committed) {
        return runtime.shown(groups.commit(groupId, Map.copyOf(committed)));
    }

    @Override
    public CompletionStage<Void> deleteGroup(String groupId) {
        return runtime.shown(groups.delete(groupId));
    }

    @Override
    public CompletionStage<ClusterDescription> cluster() {
        return runtime.shown(retries.run(() -> metadata.ask(List.of()))
                .thenApply(answer -> new ClusterDescription(
                        answer.clusterId() == null ? "" : answer.clusterId(),
                        answer.controllerId(),
                        answer.brokers().stream()
                                .map(each -> new ClusterDescription.Broker(
                                        each.nodeId(), each.host(), each.port(), each.rack()))
                                .toList())));
    }
}
