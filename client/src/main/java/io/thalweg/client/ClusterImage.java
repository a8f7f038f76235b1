package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.spi.transport.Endpoint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a cluster. Immutable.
 *
 * @param clusterId empty before the first answer
 * @param controller where topics are created, if known
 * @param brokers by node id
 * @param topics those that were asked for and exist, by name
 */
record ClusterImage(
        String clusterId,
        @Nullable Endpoint controller,
        Map<Integer, Endpoint> brokers,
        Map<String, TopicImage> topics) {

    static final ClusterImage EMPTY = new ClusterImage("", null, Map.of(), Map.of());

    /** This image with what the answer knows better. */
    ClusterImage mergedWith(MetadataResponse answer) {
        var newBrokers = new LinkedHashMap<Integer, Endpoint>();
        answer.brokers().forEach(broker -> newBrokers.put(broker.nodeId(), new Endpoint(broker.host(), broker.port())));
        var newTopics = new LinkedHashMap<>(topics);
        for (var topic : answer.topics()) {
            var name = topic.name();
            if (name != null && topic.errorCode() == ErrorCode.NONE.code()) {
                newTopics.merge(name, TopicImage.of(name, topic), TopicImage::updatedBy);
            } else if (name != null && topic.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()) {
                newTopics.remove(name);
            }
        }
        return new ClusterImage(
                answer.clusterId() == null ? clusterId : answer.clusterId(),
                newBrokers.get(answer.controllerId()),
                Collections.unmodifiableMap(newBrokers),
                Collections.unmodifiableMap(newTopics));
    }

    /** This image with the leaders that brokers have named; itself if that is nothing new. */
    ClusterImage ledBy(Map<TopicPartition, LeaderHint> hints) {
        var news = new LinkedHashMap<String, Map<Integer, LeaderHint>>();
        hints.forEach((partition, hint) -> {
            var known = topics.get(partition.topic());
            if (known != null && known.isNews(partition.partition(), hint)) {
                news.computeIfAbsent(known.name(), name -> new LinkedHashMap<>())
                        .put(partition.partition(), hint);
            }
        });
        if (news.isEmpty()) {
            return this;
        }
        var newBrokers = new LinkedHashMap<>(brokers);
        var newTopics = new LinkedHashMap<>(topics);
        news.forEach((name, leaders) -> {
            leaders.values().forEach(hint -> newBrokers.put(hint.leaderId(), hint.endpoint()));
            newTopics.computeIfPresent(name, (same, known) -> known.ledBy(leaders));
        });
        return new ClusterImage(
                clusterId, controller, Collections.unmodifiableMap(newBrokers), Collections.unmodifiableMap(newTopics));
    }

    Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** Where the partition is led, if it is known to be led. */
    @Nullable Leader leader(TopicPartition partition) {
        var topic = topics.get(partition.topic());
        if (topic == null || partition.partition() >= topic.partitions().size()) {
            return null;
        }
        var image = topic.partitions().get(partition.partition());
        var endpoint = brokers.get(image.leaderId());
        return endpoint == null ? null : new Leader(image.leaderId(), endpoint, image.leaderEpoch(), topic.id());
    }
}
