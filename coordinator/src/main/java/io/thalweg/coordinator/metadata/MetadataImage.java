package io.thalweg.coordinator.metadata;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/**
 * The metadata of a cluster at one moment; immutable.
 *
 * <p>The {@code with} methods give the next image in time logarithmic in the number of things of that kind.
 */
public final class MetadataImage {

    /** The image before the first record. */
    public static final MetadataImage EMPTY =
            new MetadataImage(ClusterImage.EMPTY, PersistentMap.empty(), TopicsImage.EMPTY, PersistentMap.empty());

    private final ClusterImage cluster;
    private final PersistentMap<Integer, BrokerImage> brokers;
    private final TopicsImage topics;
    private final PersistentMap<ConfigResource, ConfigImage> configs;

    private MetadataImage(
            ClusterImage cluster,
            PersistentMap<Integer, BrokerImage> brokers,
            TopicsImage topics,
            PersistentMap<ConfigResource, ConfigImage> configs) {
        this.cluster = cluster;
        this.brokers = brokers;
        this.topics = topics;
        this.configs = configs;
    }

    public ClusterImage cluster() {
        return cluster;
    }

    /** All registered brokers by id, fenced ones too. */
    public Collection<BrokerImage> brokers() {
        return brokers.values();
    }

    public Optional<BrokerImage> broker(int id) {
        return Optional.ofNullable(brokers.get(id));
    }

    /** Whether the broker is registered and not fenced. */
    public boolean isActive(int brokerId) {
        var broker = brokers.get(brokerId);
        return broker != null && !broker.fenced();
    }

    /** All topics by name. */
    public Collection<TopicImage> topics() {
        return topics.byName().values();
    }

    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(topics.byName().get(name));
    }

    public Optional<TopicImage> topic(UUID id) {
        return Optional.ofNullable(topics.find(id));
    }

    /** The topic whose name metrics cannot tell from this one: the same but for {@code '.'} and {@code '_'}. */
    public Optional<String> topicWithMetricNameOf(String name) {
        return Optional.ofNullable(topics.metricNames().get(TopicsImage.metricName(name)));
    }

    /** What is set, for every resource for which something is. */
    public Collection<ConfigImage> configs() {
        return configs.values();
    }

    /** What is set for a resource: texts by name, empty if nothing is. */
    public SortedMap<String, String> configs(ConfigResource resource) {
        var found = configs.get(resource);
        return found == null ? Collections.emptySortedMap() : found.values();
    }

    public MetadataImage withClusterId(String id) {
        return withCluster(cluster.withId(id));
    }

    public MetadataImage withNextBrokerEpoch(long epoch) {
        return withCluster(cluster.withBrokerEpoch(epoch - 1));
    }

    public MetadataImage withNextProducerId(long nextProducerId) {
        return withCluster(cluster.withNextProducerId(nextProducerId));
    }

    /** The image in which the feature has this level; 0 removes it. */
    public MetadataImage withFeature(String name, short level) {
        return withCluster(cluster.withFeature(name, level));
    }

    private MetadataImage withCluster(ClusterImage newCluster) {
        return new MetadataImage(newCluster, brokers, topics, configs);
    }

    public MetadataImage with(BrokerImage broker) {
        return new MetadataImage(
                cluster.withBrokerEpoch(broker.epoch()), brokers.with(broker.id(), broker), topics, configs);
    }

    public MetadataImage withoutBroker(int id) {
        return new MetadataImage(cluster, brokers.without(id), topics, configs);
    }

    public MetadataImage with(TopicImage topic) {
        return new MetadataImage(cluster, brokers, topics.with(topic), configs);
    }

    /** The image without the topic and its configs. */
    public MetadataImage without(TopicImage topic) {
        return new MetadataImage(
                cluster, brokers, topics.without(topic), configs.without(ConfigResource.ofTopic(topic.name())));
    }

    /** The image in which exactly these values are set for the resource. */
    public MetadataImage with(ConfigImage config) {
        var resource = config.resource();
        return new MetadataImage(
                cluster,
                brokers,
                topics,
                config.values().isEmpty() ? configs.without(resource) : configs.with(resource, config));
    }

    /** What changed from an earlier image to this one; cheap if this one was made from it. */
    public MetadataDelta since(MetadataImage before) {
        var changedTopics = new TopicsDelta.Collector();
        PersistentMap.difference(before.topics.byName(), topics.byName(), changedTopics);
        var changedBrokers = new ChangedKeys<BrokerImage, Integer>(BrokerImage::id);
        PersistentMap.difference(before.brokers, brokers, changedBrokers);
        var changedConfigs = new ChangedKeys<ConfigImage, ConfigResource>(ConfigImage::resource);
        PersistentMap.difference(before.configs, configs, changedConfigs);
        return new MetadataDelta(before, this, changedTopics.delta(), changedBrokers.keys(), changedConfigs.keys());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MetadataImage that
                && cluster.equals(that.cluster)
                && brokers.equals(that.brokers)
                && topics.equals(that.topics)
                && configs.equals(that.configs);
    }

    @Override
    public int hashCode() {
        return cluster.hashCode();
    }

    @Override
    public String toString() {
        return "MetadataImage[" + cluster + ", " + brokers + ", " + topics.byName() + ", " + configs + "]";
    }
}
