package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Tells a client that came to the wrong broker whom to ask instead, so that it need not look for itself (KIP-951). Collects what one
 * answer says; confined to it.
 */
final class LeaderHints {

    private final ClusterView cluster;
    private final String listener;
    private final Map<Integer, ListenerView.Node> nodes = new TreeMap<>();

    LeaderHints(ClusterView cluster, String listener) {
        this.cluster = cluster;
        this.listener = listener;
    }

    /** The partition whose leader is told, if one is known; its address is then among {@link #nodes}. */
    Optional<PartitionImage> leaderOf(String topic, UUID topicId, int partition) {
        var view = new ListenerView(cluster.image(), cluster.brokerId(), listener);
        var image = view.image();
        Optional<TopicImage> found = topic.isEmpty() ? image.topic(topicId) : image.topic(topic);
        return found.flatMap(known -> known.partition(partition)).filter(known -> {
            var node = view.node(known.leader());
            node.ifPresent(each -> nodes.put(each.id(), each));
            return node.isPresent();
        });
    }

    /** The leaders told so far, in the order of their ids. */
    Collection<ListenerView.Node> nodes() {
        return nodes.values();
    }
}
