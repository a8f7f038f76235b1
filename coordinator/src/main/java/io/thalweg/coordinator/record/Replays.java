package io.thalweg.coordinator.record;

import io.thalweg.coordinator.metadata.BrokerEndpoint;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import java.util.TreeMap;
import java.util.UUID;

/** What each kind of record does to an image; pure functions. */
final class Replays {

    private Replays() {}

    static MetadataImage cluster(MetadataImage image, ClusterRecord record) {
        return image.withClusterId(record.clusterId()).withNextBrokerEpoch(record.nextBrokerEpoch());
    }

    static MetadataImage feature(MetadataImage image, FeatureRecord record) {
        return image.withFeature(record.name(), record.level());
    }

    /**
     * A leader that starts again may have lost the tail of its logs, so it must not write these offsets under the same epoch. In a
     * snapshot brokers come before topics, so there nothing is raised twice.
     */
    static MetadataImage broker(MetadataImage image, BrokerRecord record) {
        var endpoints = record.endpoints().stream()
                .map(endpoint -> new BrokerEndpoint(
                        endpoint.listener(), endpoint.host(), endpoint.port(), endpoint.securityProtocol()))
                .toList();
        var broker = new BrokerImage(
                record.brokerId(),
                record.incarnationId(),
                record.epoch(),
                endpoints,
                record.directories(),
                record.rack(),
                record.fenced());
        var next = image.with(broker);
        for (var topic : image.topics()) {
            next = withRaisedEpochs(next, topic, record.brokerId());
        }
        return next;
    }

    private static MetadataImage withRaisedEpochs(MetadataImage image, TopicImage topic, int leader) {
        var led = topic.partitions().stream()
                .filter(partition -> partition.leader() == leader)
                .toList();
        var next = topic;
        for (var partition : led) {
            next = next.with(partition.ledAgain());
        }
        return led.isEmpty() ? image : image.with(next);
    }

    static MetadataImage brokerFence(MetadataImage image, BrokerFenceRecord record) {
        var broker = image.broker(record.brokerId())
                .orElseThrow(() -> new UnreadableRecordException(
                        "broker " + record.brokerId() + " is to be fenced or unfenced but is not registered"));
        return image.with(broker.withFenced(record.fenced()));
    }

    /** What is replayed twice, or comes after the broker has registered again, changes nothing. */
    static MetadataImage brokerRemoval(MetadataImage image, BrokerRemovalRecord record) {
        return image.broker(record.brokerId())
                .filter(broker -> broker.epoch() == record.epoch())
                .map(broker -> image.withoutBroker(broker.id()))
                .orElse(image);
    }

    static MetadataImage topic(MetadataImage image, TopicRecord record) {
        return image.with(TopicImage.of(record.name(), record.topicId()));
    }

    static MetadataImage partition(MetadataImage image, PartitionRecord record) {
        var partition = new PartitionImage(
                record.partition(),
                record.replicas(),
                record.isr(),
                record.elr(),
                new PartitionImage.Reassignment(record.adding(), record.removing()),
                record.leader(),
                record.leaderEpoch(),
                record.partitionEpoch());
        return image.with(topic(image, record.topicId()).with(partition));
    }

    static MetadataImage topicDeletion(MetadataImage image, TopicDeletionRecord record) {
        return image.without(topic(image, record.topicId()));
    }

    private static TopicImage topic(MetadataImage image, UUID id) {
        return image.topic(id)
                .orElseThrow(
                        () -> new UnreadableRecordException("a record is about topic id " + id + ", which is unknown"));
    }

    static MetadataImage config(MetadataImage image, ConfigRecord record) {
        var type = ConfigResource.Type.fromCode(record.resourceType())
                .orElseThrow(() -> new UnreadableRecordException("config " + record.name() + " is of resource type "
                        + record.resourceType() + ", which is unknown"));
        var resource = new ConfigResource(type, record.resourceName());
        var values = new TreeMap<>(image.configs(resource));
        var value = record.value();
        if (value == null) {
            values.remove(record.name());
        } else {
            values.put(record.name(), value);
        }
        return image.with(new ConfigImage(resource, values));
    }

    static MetadataImage producerIds(MetadataImage image, ProducerIdsRecord record) {
        return image.withNextProducerId(record.nextProducerId());
    }
}
