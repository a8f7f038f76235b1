package io.thalweg.broker.request;

import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The topics of a Metadata answer; for one answer. */
record MetadataTopics(ListenerView view, short version) {

    /** Version 0 leaves out replicas that cannot be reached. */
    private static final short ALL_REPLICAS_VERSION = 1;
    /** Before it, clients do not know LISTENER_NOT_FOUND. */
    private static final short LISTENER_ERROR_VERSION = 6;

    /** Every topic there is, by name. */
    List<MetadataResponse.Topic> all() {
        return view.image().topics().stream().map(this::topic).toList();
    }

    /**
     * These topics.
     *
     * @param refusals why topics that do not exist could not be created, by name
     */
    List<MetadataResponse.Topic> of(Collection<MetadataRequest.Topic> asked, Map<String, ErrorCode> refusals) {
        var rows = new ArrayList<MetadataResponse.Topic>(asked.size());
        for (var each : asked) {
            rows.add(isById(each) ? byId(each) : byName(Objects.requireNonNullElse(each.name(), ""), refusals));
        }
        return rows;
    }

    /** The id decides: some clients leave the name empty instead of null. */
    static boolean isById(MetadataRequest.Topic asked) {
        return !asked.topicId().equals(Message.ZERO_UUID);
    }

    private MetadataResponse.Topic byId(MetadataRequest.Topic asked) {
        return view.image()
                .topic(asked.topicId())
                .map(this::topic)
                .orElseGet(() -> MetadataResponse.Topic.builder()
                        .errorCode(ErrorCode.UNKNOWN_TOPIC_ID.code())
                        .name(null)
                        .topicId(asked.topicId())
                        .build());
    }

    private MetadataResponse.Topic byName(String name, Map<String, ErrorCode> refusals) {
        return view.image()
                .topic(name)
                .map(this::topic)
                .orElseGet(() -> MetadataResponse.Topic.builder()
                        .errorCode(refusals.getOrDefault(name, UnknownTopics.codeOf(name))
                                .code())
                        .name(name)
                        .isInternal(InternalTopics.contains(name))
                        .build());
    }

    private MetadataResponse.Topic topic(TopicImage topic) {
        return MetadataResponse.Topic.builder()
                .name(topic.name())
                .topicId(topic.id())
                .isInternal(InternalTopics.contains(topic.name()))
                .partitions(topic.partitions().stream().map(this::partition).toList())
                .build();
    }

    private MetadataResponse.Partition partition(PartitionImage partition) {
        return MetadataResponse.Partition.builder()
                .errorCode(error(partition).code())
                .partitionIndex(partition.partition())
                .leaderId(view.leaderOf(partition))
                .leaderEpoch(partition.leaderEpoch())
                .replicaNodes(listed(partition.replicas()))
                .isrNodes(listed(partition.isr()))
                .offlineReplicas(view.unreachable(partition.replicas()))
                .build();
    }

    private List<Integer> listed(List<Integer> replicas) {
        return version < ALL_REPLICAS_VERSION ? view.reachable(replicas) : replicas;
    }

    private ErrorCode error(PartitionImage partition) {
        var error = view.leaderError(partition);
        if (error == ErrorCode.LISTENER_NOT_FOUND && version < LISTENER_ERROR_VERSION) {
            return ErrorCode.LEADER_NOT_AVAILABLE;
        }
        var isShort = error == ErrorCode.NONE
                && listed(partition.replicas()).size() < partition.replicas().size();
        return isShort ? ErrorCode.REPLICA_NOT_AVAILABLE : error;
    }
}
