package io.thalweg.broker.partition;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.storage.LogId;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The batches of idempotent producers that one connection was told to send again, as far as it has not. A partition takes any sequence
 * of a producer it does not know; of a producer with several batches on their way it must not take a later one after it, or the
 * connection's event loop, has refused the first: that one would be out of order for ever, and what was taken out of its place.
 *
 * <p>Any thread: a refusal comes from the event loop where the topic is not known yet, else from the partition's shard, and appends
 * follow it to the shard. Nothing is looked up for producers that the partition knows.
 */
public final class RefusedSequences {

    /** What a connection may be told to send again at once, by far; beyond it some are forgotten. */
    static final int MOST = 1_000;

    /** No topic comes to have a longer name. */
    private static final int LONGEST_TOPIC = 249;

    private static final UUID NO_ID = new UUID(0, 0);

    private final Map<Place, Lowest> lowest = new ConcurrentHashMap<>();

    /**
     * A producer in a partition.
     *
     * @param partition as requests name it: by the topic's name without an id or by its id without a name
     */
    private record Place(LogId partition, long producerId) {}

    /** The first sequence to be sent again, of the latest epoch. */
    private record Lowest(short producerEpoch, int sequence) {

        static Lowest of(RecordBatch batch) {
            return new Lowest(batch.producerEpoch(), batch.baseSequence());
        }

        Lowest or(Lowest other) {
            if (producerEpoch != other.producerEpoch) {
                return producerEpoch > other.producerEpoch ? this : other;
            }
            return isBefore(other) ? this : other;
        }

        boolean isBefore(Lowest other) {
            // Sequences are numbers of 31 bits that begin again with 0.
            var distance = (other.sequence - sequence) & Integer.MAX_VALUE;
            return producerEpoch == other.producerEpoch && distance > 0 && distance <= Integer.MAX_VALUE / 2;
        }
    }

    /**
     * A batch was refused for a topic that is not known here, or before its partition was asked.
     *
     * @param topic empty where the request gives the id
     */
    public void refused(String topic, UUID topicId, int partition, RecordBatch batch, ErrorCode error) {
        if (batch.hasProducerId() && error.isRetriable() && topic.length() <= LONGEST_TOPIC) {
            add(topic.isEmpty() ? byId(topicId, partition) : byName(topic, partition), batch);
        }
    }

    /** A partition has answered a batch. */
    void answered(LogId partition, RecordBatch batch, ErrorCode error) {
        if (!batch.hasProducerId()) {
            return;
        }
        if (error.isRetriable()) {
            add(byId(partition.topicId(), partition.partition()), batch);
        } else if (error == ErrorCode.NONE && !lowest.isEmpty()) {
            lowest.remove(new Place(byId(partition.topicId(), partition.partition()), batch.producerId()));
            lowest.remove(new Place(byName(partition.topic(), partition.partition()), batch.producerId()));
        }
    }

    private void add(LogId partition, RecordBatch batch) {
        lowest.merge(new Place(partition, batch.producerId()), Lowest.of(batch), Lowest::or);
        if (lowest.size() > MOST) {
            var places = lowest.keySet().iterator();
            places.next();
            places.remove();
        }
    }

    /** Whether an earlier batch of the same producer is to be sent again first. */
    boolean isBehindOne(LogId partition, RecordBatch batch) {
        return !lowest.isEmpty()
                && (isBehind(byId(partition.topicId(), partition.partition()), batch)
                        || isBehind(byName(partition.topic(), partition.partition()), batch));
    }

    private boolean isBehind(LogId partition, RecordBatch batch) {
        var refused = lowest.get(new Place(partition, batch.producerId()));
        return refused != null && refused.isBefore(Lowest.of(batch));
    }

    private static LogId byId(UUID topicId, int partition) {
        return new LogId("", topicId, partition);
    }

    private static LogId byName(String topic, int partition) {
        return new LogId(topic, NO_ID, partition);
    }
}
