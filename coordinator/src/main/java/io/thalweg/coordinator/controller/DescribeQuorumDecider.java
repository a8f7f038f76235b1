package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerEndpoint;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeQuorumRequest;
import io.thalweg.protocol.message.DescribeQuorumResponse;
import io.thalweg.protocol.message.DescribeQuorumResponse.ReplicaState;
import io.thalweg.spi.coordination.QuorumState;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * DescribeQuorum, key 55, versions 0-2: leader, voters and observers of the metadata log, under the name that it has in Kafka. Brokers that
 * do not vote are the observers.
 */
final class DescribeQuorumDecider implements Decider<DescribeQuorumRequest, DescribeQuorumResponse> {

    /** The name by which Kafka's tools ask. */
    static final String TOPIC = "__cluster_metadata";

    private final Supplier<QuorumState> quorum;

    DescribeQuorumDecider(Supplier<QuorumState> quorum) {
        this.quorum = quorum;
    }

    @Override
    public Decision<DescribeQuorumResponse> decide(MetadataImage image, DescribeQuorumRequest request) {
        var state = quorum.get();
        var topics = request.topics().stream()
                .map(topic -> new DescribeQuorumResponse.Topic(
                        topic.topicName(),
                        topic.partitions().stream()
                                .map(partition ->
                                        partition(image, state, topic.topicName(), partition.partitionIndex()))
                                .toList()))
                .toList();
        var reply = DescribeQuorumResponse.builder()
                .errorMessage(null)
                .topics(topics)
                .nodes(nodes(image, state))
                .build();
        return new Decision<>(List.of(), reply);
    }

    private static DescribeQuorumResponse.Partition partition(
            MetadataImage image, QuorumState state, String topic, int partition) {
        var row = DescribeQuorumResponse.Partition.builder()
                .partitionIndex(partition)
                .errorMessage(null);
        if (!topic.equals(TOPIC) || partition != 0) {
            return row.errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code())
                    .errorMessage("topic " + topic + " has no partition " + partition + " of metadata")
                    .build();
        }
        return row.leaderId(state.leadership().leaderId().orElse(-1))
                .leaderEpoch(state.leadership().epoch())
                .highWatermark(state.endOffset())
                .currentVoters(state.voters().stream()
                        .map(DescribeQuorumDecider::replica)
                        .toList())
                .observers(observers(image, state))
                .build();
    }

    private static List<ReplicaState> observers(MetadataImage image, QuorumState state) {
        var known = new TreeSet<Integer>();
        Stream.concat(state.voters().stream(), state.observers().stream()).forEach(member -> known.add(member.id()));
        var silent = image.brokers().stream()
                .map(BrokerImage::id)
                .filter(id -> !known.contains(id))
                .map(id -> new QuorumState.Member(id, QuorumState.UNKNOWN, QuorumState.UNKNOWN, QuorumState.UNKNOWN));
        return Stream.concat(state.observers().stream(), silent)
                .map(DescribeQuorumDecider::replica)
                .toList();
    }

    private static ReplicaState replica(QuorumState.Member member) {
        return ReplicaState.builder()
                .replicaId(member.id())
                .logEndOffset(member.endOffset())
                .lastFetchTimestamp(member.heardMillis())
                .lastCaughtUpTimestamp(member.caughtUpMillis())
                .build();
    }

    private static List<DescribeQuorumResponse.Node> nodes(MetadataImage image, QuorumState state) {
        return state.voters().stream()
                .flatMap(voter -> image.broker(voter.id()).stream())
                .map(broker -> new DescribeQuorumResponse.Node(
                        broker.id(),
                        broker.endpoints().stream()
                                .map(DescribeQuorumDecider::listener)
                                .toList()))
                .toList();
    }

    private static DescribeQuorumResponse.Listener listener(BrokerEndpoint endpoint) {
        return new DescribeQuorumResponse.Listener(endpoint.listener(), endpoint.host(), endpoint.port());
    }
}
