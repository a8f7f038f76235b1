package io.thalweg.broker.follower;

import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A fetcher's side of an incremental fetch session (KIP-227): what the leader knows already is not said again. Owned by the shard.
 */
final class FetcherSession {

    private final FetcherConfig config;
    private final Map<FetchedPartition.Key, FetchedPartition> partitions = new LinkedHashMap<>();
    private final Set<FetchedPartition> changed = new LinkedHashSet<>();
    private final Set<FetchedPartition.Key> forgotten = new LinkedHashSet<>();
    private int id;
    private int nextEpoch;
    private int askedCount;

    FetcherSession(FetcherConfig config) {
        this.config = config;
    }

    void add(FetchedPartition partition) {
        remove(partition.key());
        partitions.put(partition.key(), partition);
        changed.add(partition);
    }

    void remove(FetchedPartition.Key key) {
        var removed = partitions.remove(key);
        if (removed != null) {
            changed.remove(removed);
            forget(removed);
        }
    }

    private void forget(FetchedPartition partition) {
        if (partition.isAsked()) {
            partition.asked(false);
            askedCount--;
            forgotten.add(partition.key());
        }
    }

    Optional<FetchedPartition> find(FetchedPartition.Key key) {
        return Optional.ofNullable(partitions.get(key));
    }

    /** Those that are fetched, or would be. */
    Collection<FetchedPartition> all() {
        return partitions.values();
    }

    boolean isEmpty() {
        return partitions.isEmpty();
    }

    /** The next request has something else to say about the partition than the last one had. */
    void changed(FetchedPartition partition) {
        if (partitions.get(partition.key()) == partition) {
            changed.add(partition);
        }
    }

    /** The leader knows nothing any more. */
    void reset() {
        id = 0;
        nextEpoch = 0;
        askedCount = 0;
        forgotten.clear();
        partitions.values().forEach(partition -> partition.asked(false));
        changed.addAll(partitions.values());
    }

    /** The next request, but for how long it may wait; empty while nothing can be fetched. */
    Optional<FetchRequest.Builder> next() {
        Map<UUID, List<FetchRequest.Partition>> asked = new LinkedHashMap<>();
        for (var partition : List.copyOf(changed)) {
            if (partition.isFetchable()) {
                asked.computeIfAbsent(partition.key().topicId(), topic -> new ArrayList<>())
                        .add(partition.toRequest(config.partitionMaxBytes()));
                askedCount += partition.isAsked() ? 0 : 1;
                partition.asked(true);
                forgotten.remove(partition.key());
            } else {
                forget(partition);
            }
        }
        changed.clear();
        return askedCount == 0 ? Optional.empty() : Optional.of(request(asked));
    }

    private FetchRequest.Builder request(Map<UUID, List<FetchRequest.Partition>> asked) {
        List<FetchRequest.Topic> topics = new ArrayList<>(asked.size());
        asked.forEach((topicId, of) -> topics.add(
                FetchRequest.Topic.builder().topicId(topicId).partitions(of).build()));
        var request = FetchRequest.builder()
                .minBytes(config.minBytes())
                .maxBytes(config.maxBytes())
                .sessionId(id)
                .sessionEpoch(nextEpoch)
                .topics(topics)
                .forgottenTopicsData(nextEpoch == 0 ? List.of() : toRequest(forgotten));
        forgotten.clear();
        return request;
    }

    private static List<FetchRequest.ForgottenTopic> toRequest(Collection<FetchedPartition.Key> keys) {
        Map<UUID, List<Integer>> byTopic = new LinkedHashMap<>();
        for (var key : keys) {
            byTopic.computeIfAbsent(key.topicId(), topic -> new ArrayList<>()).add(key.partition());
        }
        List<FetchRequest.ForgottenTopic> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((topicId, of) -> topics.add(FetchRequest.ForgottenTopic.builder()
                .topicId(topicId)
                .partitions(of)
                .build()));
        return topics;
    }

    /** The leader has answered and knows what it was told. */
    void answered(FetchResponse answer) {
        id = answer.sessionId();
        nextEpoch = nextEpoch == Integer.MAX_VALUE ? 1 : nextEpoch + 1;
    }
}
