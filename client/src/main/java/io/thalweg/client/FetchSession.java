package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.FetchRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a broker remembers of the fetches on one connection (KIP-227), so that a request names only what has changed. Owned by the loop.
 */
final class FetchSession {

    private static final int NO_SESSION = 0;
    private static final int FULL_EPOCH = 0;

    private final Map<TopicPartition, Wanted> remembered = new LinkedHashMap<>();
    private int id = NO_SESSION;
    private int epoch = FULL_EPOCH;

    /** A partition as the broker is asked for it. */
    record Wanted(long offset, int leaderEpoch, UUID topicId) {}

    /** What to send for a set of wanted partitions. */
    record Changes(
            int sessionId, int sessionEpoch, Map<TopicPartition, Wanted> changed, Map<TopicPartition, Wanted> gone) {

        List<FetchRequest.Topic> topics(int partitionMaxBytes) {
            var byTopic = new LinkedHashMap<String, List<FetchRequest.Partition>>();
            var ids = new LinkedHashMap<String, UUID>();
            changed.forEach((partition, wanted) -> {
                ids.put(partition.topic(), wanted.topicId());
                byTopic.computeIfAbsent(partition.topic(), key -> new ArrayList<>())
                        .add(FetchRequest.Partition.builder()
                                .partition(partition.partition())
                                .currentLeaderEpoch(wanted.leaderEpoch())
                                .fetchOffset(wanted.offset())
                                .partitionMaxBytes(partitionMaxBytes)
                                .build());
            });
            return byTopic.entrySet().stream()
                    .map(entry -> FetchRequest.Topic.builder()
                            .topic(entry.getKey())
                            .topicId(ids.getOrDefault(entry.getKey(), Message.ZERO_UUID))
                            .partitions(entry.getValue())
                            .build())
                    .toList();
        }

        List<FetchRequest.ForgottenTopic> forgotten() {
            return gone.entrySet().stream()
                    .map(entry -> FetchRequest.ForgottenTopic.builder()
                            .topic(entry.getKey().topic())
                            .topicId(entry.getValue().topicId())
                            .partitions(List.of(entry.getKey().partition()))
                            .build())
                    .toList();
        }
    }

    /** What tells the broker to fetch exactly these partitions; it is taken as sent. */
    Changes next(Map<TopicPartition, Wanted> wanted) {
        var changed = new LinkedHashMap<TopicPartition, Wanted>();
        var gone = new LinkedHashMap<TopicPartition, Wanted>();
        if (epoch == FULL_EPOCH) {
            changed.putAll(wanted);
        } else {
            wanted.forEach((partition, each) -> {
                if (!each.equals(remembered.get(partition))) {
                    changed.put(partition, each);
                }
            });
            remembered.forEach((partition, each) -> {
                if (!wanted.containsKey(partition)) {
                    gone.put(partition, each);
                }
            });
        }
        remembered.clear();
        remembered.putAll(wanted);
        return new Changes(id, epoch, changed, gone);
    }

    /** The broker answered; an id of 0 means that it keeps no session. */
    void answered(int sessionId) {
        id = sessionId;
        epoch = sessionId == NO_SESSION ? FULL_EPOCH : epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    /** The session is lost: the next request names everything. */
    void reset() {
        id = NO_SESSION;
        epoch = FULL_EPOCH;
        remembered.clear();
    }
}
