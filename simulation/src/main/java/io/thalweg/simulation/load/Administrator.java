package io.thalweg.simulation.load;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest;
import io.thalweg.protocol.message.AlterPartitionReassignmentsResponse;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.ElectLeadersRequest;
import io.thalweg.protocol.message.ElectLeadersResponse;
import io.thalweg.simulation.check.Journal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Asks the cluster for changes, as an administrator does. Owned by the scheduler. */
public final class Administrator {

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int TIMEOUT_MILLIS = 3_000;

    private final ClusterClient client;
    private final Journal journal;

    /** One who has asked for nothing. */
    public Administrator(ClusterClient client, Journal journal) {
        this.client = client;
        this.journal = journal;
    }

    /** Creates a topic, however often that has to be tried, and then does more. */
    public void create(String topic, int partitions, int replicas, Map<String, String> configs, Runnable afterwards) {
        var request = CreateTopicsRequest.builder()
                .topics(List.of(CreateTopicsRequest.Topic.builder()
                        .name(topic)
                        .numPartitions(partitions)
                        .replicationFactor((short) replicas)
                        .configs(new TreeMap<>(configs)
                                .entrySet().stream()
                                        .map(config -> CreateTopicsRequest.Config.builder()
                                                .name(config.getKey())
                                                .value(config.getValue())
                                                .build())
                                        .toList())
                        .build()))
                .timeoutMillis(TIMEOUT_MILLIS)
                .build();
        client.sendToAny(request, 7, CreateTopicsResponse.class).whenComplete((answer, failure) -> {
            var code = failure == null ? answer.message().topics().get(0).errorCode() : -1;
            if (code == ErrorCode.NONE.code() || code == ErrorCode.TOPIC_ALREADY_EXISTS.code()) {
                afterwards.run();
            } else {
                client.later(RETRY_NANOS, () -> create(topic, partitions, replicas, configs, afterwards));
            }
        });
    }

    /** Has other replicas hold a partition, once; whether that is granted shows in the metadata. */
    public void reassign(String topic, int partition, List<Integer> replicas) {
        journal.note("reassign " + topic + "-" + partition + " to " + replicas);
        var request = AlterPartitionReassignmentsRequest.builder()
                .timeoutMillis(TIMEOUT_MILLIS)
                .topics(List.of(AlterPartitionReassignmentsRequest.Topic.builder()
                        .name(topic)
                        .partitions(List.of(AlterPartitionReassignmentsRequest.Partition.builder()
                                .partitionIndex(partition)
                                .replicas(replicas)
                                .build()))
                        .build()))
                .build();
        client.sendToAny(request, 0, AlterPartitionReassignmentsResponse.class)
                .whenComplete((answer, failure) -> journal.detail(
                        "reassignment was answered %s",
                        failure == null ? answer.message() : Objects.toString(failure.getMessage())));
    }

    /** Has the first replica of a partition lead, if it can. */
    public void electPreferred(String topic, int partition) {
        journal.note("elect the preferred leader of " + topic + "-" + partition);
        var request = ElectLeadersRequest.builder()
                .electionType((byte) 0)
                .topicPartitions(List.of(ElectLeadersRequest.TopicPartitions.builder()
                        .topic(topic)
                        .partitions(List.of(partition))
                        .build()))
                .timeoutMillis(TIMEOUT_MILLIS)
                .build();
        client.sendToAny(request, 2, ElectLeadersResponse.class)
                .whenComplete((answer, failure) -> journal.detail(
                        "election was answered %s",
                        failure == null ? answer.message() : Objects.toString(failure.getMessage())));
    }
}
