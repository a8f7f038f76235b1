package io.thalweg.coordinator.record;

import io.thalweg.coordinator.metadata.BrokerEndpoint;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns an image, or a part of one, into the records that give it when they are replayed. */
public final class ImageRecords {

    private ImageRecords() {}

    /** The records that turn the empty image into this one: brokers before topics, topics before their partitions. */
    public static List<Message> of(MetadataImage image) {
        var records = new ArrayList<Message>();
        var cluster = image.cluster();
        var clusterId = cluster.id();
        if (clusterId != null) {
            records.add(new ClusterRecord(clusterId, cluster.nextBrokerEpoch()));
        }
        cluster.features().forEach((name, level) -> records.add(new FeatureRecord(name, level)));
        if (cluster.nextProducerId() > 0) {
            records.add(new ProducerIdsRecord(cluster.nextProducerId()));
        }
        image.brokers().forEach(broker -> records.add(of(broker)));
        image.topics().forEach(topic -> addTopic(topic, records));
        image.configs()
                .forEach(config ->
                        config.values().forEach((name, value) -> records.add(config(config.resource(), name, value))));
        return records;
    }

    public static BrokerRecord of(BrokerImage broker) {
        return new BrokerRecord(
                broker.id(),
                broker.incarnationId(),
                broker.epoch(),
                broker.endpoints().stream().map(ImageRecords::endpoint).toList(),
                broker.directories(),
                broker.rack(),
                broker.fenced());
    }

    private static BrokerRecord.Endpoint endpoint(BrokerEndpoint endpoint) {
        return new BrokerRecord.Endpoint(
                endpoint.listener(), endpoint.host(), endpoint.port(), endpoint.securityProtocol());
    }

    private static void addTopic(TopicImage topic, List<Message> records) {
        records.add(new TopicRecord(topic.name(), topic.id()));
        for (var partition : topic.partitions()) {
            records.add(partition(topic.id(), partition));
        }
    }

    public static PartitionRecord partition(UUID topicId, PartitionImage partition) {
        return new PartitionRecord(
                topicId,
                partition.partition(),
                partition.replicas(),
                partition.isr(),
                partition.leader(),
                partition.leaderEpoch(),
                partition.partitionEpoch(),
                partition.elr(),
                partition.reassignment().adding(),
                partition.reassignment().removing());
    }

    /** Sets a config, or takes it back if the value is null. */
    public static ConfigRecord config(ConfigResource resource, String name, @Nullable String value) {
        return new ConfigRecord(resource.type().code(), resource.name(), name, value);
    }
}
