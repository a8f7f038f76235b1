package io.thalweg.client;

import io.thalweg.protocol.record.CorruptRecordException;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.protocol.record.RecordReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads the partitions it is told to, without a group. Fetches ahead while the application works.
 *
 * <p><b>Threads.</b> One application thread at a time; {@code endOffset}, {@code trouble} and {@code close} from any.
 *
 * <p><b>Ownership.</b> Polled records are lent until the next {@code poll} or {@code close}.
 *
 * <p><b>Errors.</b> What does not pass by itself, such as an offset that is gone, is thrown by {@code poll} once the records before it
 * are polled; the partition is left out from then on, until it is assigned anew.
 */
public final class PartitionConsumer implements AutoCloseable {

    private final ClientRuntime runtime;
    private final ConsumerConfig config;
    private final OffsetLookup offsets;
    private final Fetching fetching;
    private final FetchBuffer buffer;
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final AtomicInteger generation = new AtomicInteger();
    /** Held while an assignment takes effect, so that an older one, whose positions are known late, does not follow a newer one. */
    private final ReentrantLock assigning = new ReentrantLock();

    /** Partitions with a damaged batch, and what is to be thrown for the last of them. */
    private final Set<TopicPartition> damaged = new HashSet<>();

    private @Nullable RuntimeException damage;
    private @Nullable FetchedChunk lent;

    PartitionConsumer(
            ClientRuntime runtime, ConsumerConfig config, OffsetLookup offsets, Fetching fetching, FetchBuffer buffer) {
        this.runtime = runtime;
        this.config = config;
        this.offsets = offsets;
        this.fetching = fetching;
        this.buffer = buffer;
    }

    /**
     * Reads these partitions from these positions on, and no others; completes once the positions are known. One that is overtaken by the
     * next has no effect.
     */
    public CompletionStage<Void> assign(Map<TopicPartition, StartPosition> assignment) {
        var assigned = beginAssignment();
        return offsets.resolve(assignment).thenAccept(found -> assign(found, assigned));
    }

    private int beginAssignment() {
        damaged.clear();
        damage = null;
        assigning.lock();
        try {
            positions.clear();
            return generation.incrementAndGet();
        } finally {
            assigning.unlock();
        }
    }

    private void assign(Map<TopicPartition, Long> found, int assigned) {
        assigning.lock();
        try {
            if (assigned == generation.get()) {
                positions.putAll(found);
                runtime.executeUnlessEnded(() -> fetching.assign(found, assigned));
            }
        } finally {
            assigning.unlock();
        }
    }

    /** The next records of one partition, waiting for some at most this long; none if none came. */
    public List<InboundRecord> poll(Duration timeout) {
        giveBack();
        throwDamage();
        try {
            var chunk = buffer.take(timeout.toNanos());
            if (chunk == null) {
                return List.of();
            }
            fetching.fetchSoon();
            lent = chunk;
            var isWanted = chunk.generation() == generation.get() && !damaged.contains(chunk.partition());
            return isWanted ? read(chunk) : List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private void giveBack() {
        var chunk = lent;
        lent = null;
        if (chunk != null) {
            chunk.frame().release();
        }
    }

    private List<InboundRecord> read(FetchedChunk chunk) {
        var records = new ArrayList<InboundRecord>();
        positions.put(chunk.partition(), chunk.nextOffset());
        for (var batch : RecordBatches.in(chunk.batches())) {
            try {
                read(batch, chunk, records);
            } catch (RuntimeException e) {
                leaveOut(chunk, Math.max(batch.baseOffset(), endOf(records)), e);
                break;
            }
        }
        if (records.isEmpty()) {
            throwDamage();
        }
        return records;
    }

    private static long endOf(List<InboundRecord> records) {
        return records.isEmpty() ? 0 : records.get(records.size() - 1).offset() + 1;
    }

    /** What follows a batch that cannot be read is not read either: the application would not notice the gap. */
    private void leaveOut(FetchedChunk chunk, long offset, RuntimeException reason) {
        damaged.add(chunk.partition());
        damage = reason;
        positions.put(chunk.partition(), Math.max(chunk.from(), offset));
        runtime.executeUnlessEnded(() -> fetching.leaveOut(chunk.partition(), chunk.generation()));
    }

    private void throwDamage() {
        var reason = damage;
        damage = null;
        if (reason != null) {
            throw reason;
        }
    }

    private void read(RecordBatch batch, FetchedChunk chunk, List<InboundRecord> records) {
        if (config.checksCrc() && !batch.crcIsValid()) {
            throw new CorruptRecordException("checksum of the batch at offset " + batch.baseOffset() + " of "
                    + chunk.partition() + " does not match its bytes");
        }
        if (!batch.isControl()) {
            try (var reader = batch.records()) {
                read(reader, chunk, records);
            }
        }
    }

    private static void read(RecordReader reader, FetchedChunk chunk, List<InboundRecord> records) {
        while (reader.hasNext()) {
            var record = reader.next();
            if (record.offset() >= chunk.from()) {
                records.add(new InboundRecord(
                        chunk.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers()));
            }
        }
    }

    /** The offset after the last polled one, or where reading begins; -1 if the partition is not assigned or not looked up yet. */
    public long position(TopicPartition partition) {
        return positions.getOrDefault(partition, -1L);
    }

    /** What has kept it from fetching some of its partitions since their last answer; it goes on trying. Any thread may ask. */
    public Optional<ClientException> trouble() {
        return fetching.trouble();
    }

    /** The end of the partition as the last fetch told it, or -1. */
    public long endOffset(TopicPartition partition) {
        return fetching.endOffset(partition);
    }

    @Override
    public void close() {
        giveBack();
        runtime.executeUnlessEnded(fetching::close);
    }
}
