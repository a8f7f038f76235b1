package io.thalweg.simulation.load;

import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.spi.storage.LogId;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who leads one partition, as a client knows it: never anything older than what it has heard. Owned by the scheduler. */
final class LeaderLookup {

    private static final long BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ClusterClient client;
    private final String topic;
    private final int partition;
    private final Predicate<UUID> isDeleted;
    private final Runnable found;
    private final Set<UUID> known = new HashSet<>();
    private @Nullable LogId id;
    private int leader = -1;
    private int leaderEpoch = -1;
    private boolean isAsking;

    /**
     * Knows nothing yet; tells when it has found a leader.
     *
     * @param isDeleted whether a topic is gone; a broker that is behind may tell of it somebody who knows of another of that name
     */
    LeaderLookup(ClusterClient client, String topic, int partition, Predicate<UUID> isDeleted, Runnable found) {
        this.client = client;
        this.topic = topic;
        this.partition = partition;
        this.isDeleted = isDeleted;
        this.found = found;
    }

    boolean isKnown() {
        return leader >= 0;
    }

    int leader() {
        return leader;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    @Nullable LogId id() {
        return id;
    }

    /** Asks until there is a leader. */
    void refresh() {
        leader = -1;
        if (!isAsking) {
            isAsking = true;
            client.later(BACKOFF_NANOS, this::ask);
        }
    }

    private void ask() {
        client.metadata(topic).whenComplete((answer, failure) -> {
            isAsking = false;
            if (failure == null) {
                learn(answer);
            }
            if (isKnown()) {
                found.run();
            } else {
                refresh();
            }
        });
    }

    private void learn(MetadataResponse answer) {
        for (var each : answer.topics()) {
            for (var candidate : each.partitions()) {
                if (candidate.partitionIndex() != partition) {
                    continue;
                }
                // A topic of the same name that was not heard of before has come in the place of the other one.
                if (known.add(each.topicId()) && (id == null || !isDeleted.test(each.topicId()))) {
                    leaderEpoch = -1;
                    id = null;
                }
                var isOld = id != null && !id.topicId().equals(each.topicId());
                if (!isOld && candidate.leaderEpoch() >= leaderEpoch) {
                    id = new LogId(topic, each.topicId(), partition);
                    leader = candidate.leaderId();
                    leaderEpoch = candidate.leaderEpoch();
                }
            }
        }
    }
}
