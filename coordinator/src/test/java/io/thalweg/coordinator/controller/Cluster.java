package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerEndpoint;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The image a decider's test starts from, and what becomes of it. */
final class Cluster {

    static final String ID = "cluster";

    private MetadataImage image = MetadataImage.EMPTY.withClusterId(ID);

    static Cluster withBrokers(int... ids) {
        var cluster = new Cluster();
        for (int id : ids) {
            cluster.broker(id, false);
        }
        return cluster;
    }

    MetadataImage image() {
        return image;
    }

    Cluster broker(int id, boolean fenced) {
        return broker(id, null, fenced);
    }

    Cluster broker(int id, @Nullable String rack, boolean fenced) {
        image = image.with(new BrokerImage(
                id,
                new UUID(100, id),
                image.cluster().nextBrokerEpoch(),
                List.of(new BrokerEndpoint("PLAINTEXT", "localhost", 9092 + id, (short) 0)),
                List.of(new UUID(200, id)),
                rack,
                fenced));
        return this;
    }

    static UUID topicId(String name) {
        return new UUID(300, name.hashCode());
    }

    /** A topic each of whose partitions is on these brokers, led by the first. */
    Cluster topic(String name, int partitionCount, Integer... replicas) {
        var topic = TopicImage.of(name, topicId(name));
        for (int i = 0; i < partitionCount; i++) {
            topic = topic.with(PartitionImage.created(i, List.of(replicas), List.of(replicas)));
        }
        image = image.with(topic);
        return this;
    }

    Cluster config(ConfigResource resource, String name, String value) {
        var values = new TreeMap<>(image.configs(resource));
        values.put(name, value);
        image = image.with(new ConfigImage(resource, values));
        return this;
    }

    PartitionImage partition(String topic, int partition) {
        return image.topic(topic).orElseThrow().partition(partition).orElseThrow();
    }

    /** Elections that know of no broker that is about to leave. */
    static Elections elections() {
        return new Elections(new SampleSchema(), new BrokerSessions(new SteppedClock(), Optional.empty()));
    }

    Cluster partition(String topic, PartitionImage partition) {
        image = image.with(image.topic(topic).orElseThrow().with(partition));
        return this;
    }

    Cluster replay(List<Message> records) {
        image = MetadataRecords.replay(image, records);
        return this;
    }

    /** Decides a request and replays what it changes. */
    <Q extends RequestMessage, R extends ResponseMessage> R decide(Decider<Q, R> decider, Q request) {
        var decision = decider.decide(image, request);
        image = MetadataRecords.replay(image, decision.records());
        return decision.reply();
    }
}
