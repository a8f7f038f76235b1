package io.thalweg.broker.partition;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.LogId;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

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

    /** By default no client has a batch on its way for longer; who begins anew with a higher sequence has to be taken some time. */
    static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Map<Place, Lowest> lowest = new ConcurrentHashMap<>();
    private final Clock clock;

    /** A producer in a partition, as requests name that. */
    private sealed interface Place permits ById, ByName {}

    private record ById(UUID topicId, int partition, long producerId) implements Place {}

    private record ByName(String topic, int partition, long producerId) implements Place {}

    /** The first sequence to be sent again, of the latest epoch, and when a batch was last refused. */
    private record Lowest(short producerEpoch, int sequence, long refusedNanos) {

        static Lowest of(RecordBatch batch, long nowNanos) {
            return new Lowest(batch.producerEpoch(), batch.baseSequence(), nowNanos);
        }

        /** The one noted later is the other. */
        Lowest orOf(Lowest later) {
            var first = or(later);
            return new Lowest(first.producerEpoch, first.sequence, later.refusedNanos);
        }

        private Lowest or(Lowest other) {
            if (producerEpoch != other.producerEpoch) {
                return producerEpoch > other.producerEpoch ? this : other;
            }
            return isBefore(other) ? this : other;
        }

        boolean isOf(RecordBatch batch) {
            return producerEpoch == batch.producerEpoch() && sequence == batch.baseSequence();
        }

        boolean isBefore(Lowest other) {
            // Sequences are numbers of 31 bits that begin again with 0.
            var distance = (other.sequence - sequence) & Integer.MAX_VALUE;
            return producerEpoch == other.producerEpoch && distance > 0 && distance <= Integer.MAX_VALUE / 2;
        }
    }

    /** None yet. */
    public RefusedSequences(Clock clock) {
        this.clock = clock;
    }

    /**
     * A batch was refused for a topic that is not known here, or before its partition was asked.
     *
     * @param topic empty where the request gives the id
     */
    public void refused(String topic, UUID topicId, int partition, RecordBatch batch, ErrorCode error) {
        if (batch.hasProducerId() && error.isRetriable() && topic.length() <= LONGEST_TOPIC) {
            var producerId = batch.producerId();
            add(
                    topic.isEmpty()
                            ? new ById(topicId, partition, producerId)
                            : new ByName(topic, partition, producerId),
                    batch);
        }
    }

    /** A partition has answered a batch. */
    void answered(LogId partition, RecordBatch batch, ErrorCode error) {
        if (!batch.hasProducerId()) {
            return;
        }
        if (error.isRetriable()) {
            add(byId(partition, batch), batch);
        } else if (error == ErrorCode.NONE && !lowest.isEmpty()) {
            lowest.remove(byId(partition, batch));
            lowest.remove(byName(partition, batch));
        } else if (error != ErrorCode.NONE && !lowest.isEmpty()) {
            // It is not sent again.
            lowest.computeIfPresent(byId(partition, batch), (place, first) -> first.isOf(batch) ? null : first);
            lowest.computeIfPresent(byName(partition, batch), (place, first) -> first.isOf(batch) ? null : first);
        }
    }

    private void add(Place place, RecordBatch batch) {
        lowest.merge(place, Lowest.of(batch, clock.nanos()), Lowest::orOf);
        if (lowest.size() > MOST) {
            var places = lowest.keySet().iterator();
            places.next();
            places.remove();
        }
    }

    /** Whether an earlier batch of the same producer is to be sent again first. */
    boolean isBehindOne(LogId partition, RecordBatch batch) {
        return !lowest.isEmpty()
                && (isBehind(byId(partition, batch), batch) || isBehind(byName(partition, batch), batch));
    }

    private boolean isBehind(Place place, RecordBatch batch) {
        var refused = lowest.get(place);
        if (refused == null) {
            return false;
        }
        var nowNanos = clock.nanos();
        return nowNanos - refused.refusedNanos < LONGEST_NANOS && refused.isBefore(Lowest.of(batch, nowNanos));
    }

    private static Place byId(LogId partition, RecordBatch batch) {
        return new ById(partition.topicId(), partition.partition(), batch.producerId());
    }

    private static Place byName(LogId partition, RecordBatch batch) {
        return new ByName(partition.topic(), partition.partition(), batch.producerId());
    }
}
