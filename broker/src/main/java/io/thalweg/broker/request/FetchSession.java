package io.thalweg.broker.request;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FetchRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The incremental fetch session of a connection (KIP-227): what the reader wants, so that it need say only what changes, and what it was
 * told, so that it hears only what is new. Owned by the connection's event loop, and ends with the connection: a reader that comes back
 * over another one is told that its session is not found and begins anew.
 */
final class FetchSession {

    /** Asks for everything without a session. */
    private static final int FINAL_EPOCH = -1;
    /** Asks for everything and a new session. */
    private static final int INITIAL_EPOCH = 0;
    /** The first version that knows sessions. */
    private static final short FIRST_VERSION = 7;
    /** How often shards are told of what a follower holds, though nothing has changed: one of them may not have listened before. */
    private static final long TELL_ALL_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** The first version that names topics by id. */
    private static final short FIRST_VERSION_BY_ID = 13;

    private final Map<FetchPartition.Key, FetchPartition> partitions = new LinkedHashMap<>();
    private int id;
    private int nextEpoch;
    private boolean usesTopicIds;
    private long toldAllNanos;

    /**
     * What one fetch reads.
     *
     * @param error NONE, or why the session cannot go on
     * @param sessionId 0 without a session
     * @param isIncremental whether the answer leaves out partitions without news
     */
    record Plan(ErrorCode error, int sessionId, boolean isIncremental, List<FetchPartition> partitions) {

        Plan {
            partitions = List.copyOf(partitions);
        }

        static Plan refused(ErrorCode error) {
            return new Plan(error, 0, false, List.of());
        }
    }

    /** Takes the request in and tells what to read. */
    Plan plan(FetchRequest request, short version) {
        if (version < FIRST_VERSION || request.sessionEpoch() == FINAL_EPOCH) {
            if (request.sessionId() != 0 && request.sessionId() == id) {
                end();
            }
            return new Plan(
                    ErrorCode.NONE, 0, false, all(request).values().stream().toList());
        }
        var isById = version >= FIRST_VERSION_BY_ID;
        return request.sessionEpoch() == INITIAL_EPOCH ? begin(request, isById) : goOn(request, isById);
    }

    private Plan begin(FetchRequest request, boolean isById) {
        partitions.clear();
        partitions.putAll(all(request));
        id = id == Integer.MAX_VALUE ? 1 : id + 1;
        nextEpoch = 1;
        usesTopicIds = isById;
        return new Plan(ErrorCode.NONE, id, false, List.copyOf(partitions.values()));
    }

    private Plan goOn(FetchRequest request, boolean isById) {
        if (nextEpoch == 0 || request.sessionId() != id) {
            return Plan.refused(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        }
        if (request.sessionEpoch() != nextEpoch) {
            return Plan.refused(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        }
        if (isById != usesTopicIds) {
            return Plan.refused(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
        }
        nextEpoch = nextEpoch == Integer.MAX_VALUE ? 1 : nextEpoch + 1;
        for (var forgotten : request.forgottenTopicsData()) {
            for (var partition : forgotten.partitions()) {
                partitions.remove(new FetchPartition.Key(forgotten.topic(), forgotten.topicId(), partition));
            }
        }
        for (var topic : request.topics()) {
            for (var asked : topic.partitions()) {
                partitions
                        .computeIfAbsent(keyOf(topic, asked), key -> new FetchPartition(key, asked))
                        .ask(asked);
            }
        }
        return new Plan(ErrorCode.NONE, id, true, List.copyOf(partitions.values()));
    }

    private static Map<FetchPartition.Key, FetchPartition> all(FetchRequest request) {
        var all = new LinkedHashMap<FetchPartition.Key, FetchPartition>();
        for (var topic : request.topics()) {
            for (var asked : topic.partitions()) {
                var key = keyOf(topic, asked);
                all.put(key, new FetchPartition(key, asked));
            }
        }
        return all;
    }

    private static FetchPartition.Key keyOf(FetchRequest.Topic topic, FetchRequest.Partition asked) {
        return new FetchPartition.Key(topic.topic(), topic.topicId(), asked.partition());
    }

    /** Partitions that were served go to the end, so that with little room the others come first next time. */
    void served(Plan plan, Collection<PartitionRead> reads) {
        if (plan.sessionId() == 0) {
            return;
        }
        var served = new ArrayList<FetchPartition>();
        for (var read : reads) {
            if (read.sizeInBytes() > 0 && partitions.remove(read.asked().key(), read.asked())) {
                served.add(read.asked());
            }
        }
        served.forEach(partition -> partitions.put(partition.key(), partition));
    }

    /** Whether shards are to be told of every partition, and not only of what is new. */
    boolean isTimeToTellAll(long nowNanos) {
        if (nowNanos - toldAllNanos < TELL_ALL_NANOS) {
            return false;
        }
        toldAllNanos = nowNanos;
        return true;
    }

    private void end() {
        partitions.clear();
        nextEpoch = 0;
    }

    void connectionClosed() {
        end();
    }
}
