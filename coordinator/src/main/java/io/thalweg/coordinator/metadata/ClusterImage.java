package io.thalweg.coordinator.metadata;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What there is once in a cluster.
 *
 * @param id the cluster's id; null until the first controller has chosen it
 * @param nextBrokerEpoch greater than every broker epoch given so far
 * @param nextProducerId greater than every producer id given so far
 * @param features finalized levels by name; never changed
 */
public record ClusterImage(
        @Nullable String id, long nextBrokerEpoch, long nextProducerId, SortedMap<String, Short> features) {

    /** The feature that offers the consumer group protocol (KIP-848). */
    public static final String GROUP_VERSION = "group.version";

    /** The one level it is offered at. */
    public static final short GROUP_LEVEL = 1;

    static final ClusterImage EMPTY = new ClusterImage(null, 0, 0, Collections.emptySortedMap());

    public ClusterImage {
        features = Collections.unmodifiableSortedMap(new TreeMap<>(features));
    }

    ClusterImage withId(String newId) {
        return new ClusterImage(newId, nextBrokerEpoch, nextProducerId, features);
    }

    ClusterImage withBrokerEpoch(long epoch) {
        return new ClusterImage(id, Math.max(nextBrokerEpoch, epoch + 1), nextProducerId, features);
    }

    ClusterImage withNextProducerId(long newNextProducerId) {
        return new ClusterImage(id, nextBrokerEpoch, newNextProducerId, features);
    }

    ClusterImage withFeature(String name, short level) {
        var levels = new TreeMap<>(features);
        if (level == 0) {
            levels.remove(name);
        } else {
            levels.put(name, level);
        }
        return new ClusterImage(id, nextBrokerEpoch, nextProducerId, levels);
    }
}
