package io.thalweg.simulation.load;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest;
import io.thalweg.protocol.message.AlterPartitionReassignmentsResponse;
import io.thalweg.protocol.message.CreatePartitionsRequest;
import io.thalweg.protocol.message.CreatePartitionsResponse;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsResponse;
import io.thalweg.protocol.message.ElectLeadersRequest;
import io.thalweg.protocol.message.ElectLeadersResponse;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest;
import io.thalweg.protocol.message.IncrementalAlterConfigsResponse;
import io.thalweg.protocol.message.UnregisterBrokerRequest;
import io.thalweg.protocol.message.UnregisterBrokerResponse;
import io.thalweg.simulation.check.Journal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the cluster for changes, as an administrator does. Owned by the scheduler. */
public final class Administrator {

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int TIMEOUT_MILLIS = 3_000;

    private final ClusterClient client;
    private final Journal journal;
    private final Predicate<String> isThere;
    private int underWay;

    /**
     * One who has asked for nothing.
     *
     * @param isThere whether there is a topic of a name; a controller that does not know yet that another one leads says what was
     */
    public Administrator(ClusterClient client, Journal journal, Predicate<String> isThere) {
        this.client = client;
        this.journal = journal;
        this.isThere = isThere;
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
        untilDone(
                () -> client.sendToAny(request, 7, CreateTopicsResponse.class)
                        .thenApply(answer -> answer.message().topics().get(0).errorCode()),
                code -> code == ErrorCode.TOPIC_ALREADY_EXISTS.code() && isThere.test(topic),
                afterwards);
    }

    /** Deletes a topic, however often that has to be tried, and then does more. */
    public void delete(UUID topicId, Runnable afterwards) {
        journal.note("delete topic " + topicId);
        var request = DeleteTopicsRequest.builder()
                .topics(List.of(DeleteTopicsRequest.Topic.builder()
                        .name(null)
                        .topicId(topicId)
                        .build()))
                .timeoutMillis(TIMEOUT_MILLIS)
                .build();
        untilDone(
                () -> client.sendToAny(request, 6, DeleteTopicsResponse.class)
                        .thenApply(answer -> answer.message().responses().get(0).errorCode()),
                code -> code == ErrorCode.UNKNOWN_TOPIC_ID.code(),
                afterwards);
    }

    /** Gives a topic so many partitions, however often that has to be tried. */
    public void expand(String topic, int partitions) {
        journal.note("have " + partitions + " partitions of " + topic);
        var request = CreatePartitionsRequest.builder()
                .topics(List.of(CreatePartitionsRequest.Topic.builder()
                        .name(topic)
                        .count(partitions)
                        .assignments(null)
                        .build()))
                .timeoutMillis(TIMEOUT_MILLIS)
                .validateOnly(false)
                .build();
        untilDone(
                () -> client.sendToAny(request, 3, CreatePartitionsResponse.class)
                        .thenApply(answer -> answer.message().results().get(0).errorCode()),
                code -> code == ErrorCode.INVALID_PARTITIONS.code(),
                () -> {});
    }

    private void untilDone(
            Supplier<CompletionStage<Short>> attempt, Predicate<Short> isAlreadyDone, Runnable afterwards) {
        underWay++;
        attempt.get().whenComplete((code, failure) -> {
            underWay--;
            journal.detail(
                    "what had to be done was answered %s",
                    String.valueOf(failure == null ? code : failure.getMessage()));
            if (failure == null && (code == ErrorCode.NONE.code() || isAlreadyDone.test(code))) {
                afterwards.run();
            } else {
                underWay++;
                client.later(RETRY_NANOS, () -> {
                    underWay--;
                    untilDone(attempt, isAlreadyDone, afterwards);
                });
            }
        });
    }

    /** Whether nothing that has to be done is still tried. */
    public boolean isIdle() {
        return underWay == 0;
    }

    /** Sets configs of a topic, once. */
    public void configure(String topic, Map<String, String> configs) {
        journal.note("configure " + topic + ": " + configs);
        var request = IncrementalAlterConfigsRequest.builder()
                .resources(List.of(IncrementalAlterConfigsRequest.Resource.builder()
                        .resourceType((byte) 2)
                        .resourceName(topic)
                        .configs(configs.entrySet().stream()
                                .map(config -> IncrementalAlterConfigsRequest.Config.builder()
                                        .name(config.getKey())
                                        .configOperation((byte) 0)
                                        .value(config.getValue())
                                        .build())
                                .toList())
                        .build()))
                .validateOnly(false)
                .build();
        client.sendToAny(request, 1, IncrementalAlterConfigsResponse.class)
                .whenComplete((answer, failure) -> journal.detail("configuration was answered"));
    }

    /** Has the cluster forget a broker, once. */
    public void unregister(int broker) {
        journal.note("unregister broker " + broker);
        client.sendToAny(UnregisterBrokerRequest.builder().brokerId(broker).build(), 0, UnregisterBrokerResponse.class)
                .whenComplete((answer, failure) -> journal.detail("unregistration was answered"));
    }

    /** Has other replicas hold a partition, once; whether that is granted shows in the metadata. */
    public void reassign(String topic, int partition, List<Integer> replicas) {
        journal.note("reassign " + topic + "-" + partition + " to " + replicas);
        askForReplicas(topic, partition, replicas);
    }

    /** Has those replicas hold a partition that held it before, if others are about to. */
    public void cancelReassignment(String topic, int partition) {
        journal.note("cancel the reassignment of " + topic + "-" + partition);
        askForReplicas(topic, partition, null);
    }

    private void askForReplicas(String topic, int partition, @Nullable List<Integer> replicas) {
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
