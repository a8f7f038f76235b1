package io.thalweg.client;

import io.thalweg.protocol.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one partition, in order. Owned by the loop.
 *
 * <p>Several batches may be in flight if the producer is idempotent; counted from the oldest one that is not through, no more than a leader
 * remembers, lest it forget that one before it is sent again. When one fails for a passing reason, the partition waits until all of
 * them are back and then sends them again one by one, in the order of their sequence numbers, until one succeeds.
 *
 * <p>The first batch of a producer is alone: to one of Kafka's brokers that knows nothing of the producer any sequence number is the
 * first one, so that a second batch which arrived while the first was refused would be taken, and the first one never again. Thalweg's
 * brokers remember what they refused (ADR 37).
 */
final class PartitionSequence {

    private final List<ProducerBatch> inFlight = new ArrayList<>();
    private final ArrayDeque<ProducerBatch> toRetry = new ArrayDeque<>();
    /** Numbered batches that are not through, and how many were numbered before each. */
    private final Map<ProducerBatch, Long> unended = new HashMap<>();

    private long numberedCount;
    private ProducerIdentity identity = ProducerIdentity.NONE;
    private int nextSequence;
    private long blockedUntilNanos;
    private boolean isRecovering;
    private boolean isKnown;
    /** The earliest batch of the last identity that was given up after it was numbered: brokers take none behind it. */
    private @Nullable GivenUp gap;

    private record GivenUp(ProducerIdentity identity, int sequence, ClientException failure) {}

    PartitionSequence(long nowNanos) {
        this.blockedUntilNanos = nowNanos;
    }

    /** Whether a batch may be sent now, be it again or for the first time; changes nothing. */
    boolean mayBegin(long nowNanos, int maxInFlight) {
        if (blockedUntilNanos - nowNanos > 0) {
            return false;
        }
        if (isRecovering || !isKnown) {
            return inFlight.isEmpty();
        }
        var first = unended.values().stream().min(Long::compare);
        return first.isEmpty() || numberedCount - first.get() < maxInFlight;
    }

    long nanosUntilUnblocked(long nowNanos) {
        return Math.max(0, blockedUntilNanos - nowNanos);
    }

    boolean isIdle() {
        return inFlight.isEmpty() && toRetry.isEmpty();
    }

    /**
     * Whether a new batch may be numbered under the identity: not while those of another are on their way, for nothing would order them.
     */
    boolean mayNumber(ProducerIdentity producer) {
        return producer.equals(identity) || isIdle();
    }

    @Nullable ProducerBatch peekRetry() {
        return toRetry.peek();
    }

    ProducerBatch takeRetry() {
        return toRetry.remove();
    }

    /** Numbers a new batch; a producer that got a new identity begins at 0. */
    void seal(ProducerBatch batch, ProducerIdentity producer) {
        if (!producer.equals(identity)) {
            identity = producer;
            nextSequence = 0;
            isKnown = false;
        }
        batch.seal(producer, producer.isPresent() ? nextSequence : RecordBatch.NO_SEQUENCE);
        nextSequence = RecordBatch.sequenceAfter(nextSequence, batch.recordsCount());
        unended.put(batch, numberedCount++);
    }

    void sent(ProducerBatch batch) {
        batch.tried();
        inFlight.add(batch);
    }

    void succeeded(ProducerBatch batch) {
        inFlight.remove(batch);
        unended.remove(batch);
        isKnown = isKnown || batch.identity().equals(identity);
        if (toRetry.isEmpty()) {
            isRecovering = false;
        }
    }

    /** Whether an earlier batch is not through, so that a gap in the sequence is no surprise. */
    boolean hasEarlier(ProducerBatch batch) {
        return inFlight.stream().anyMatch(other -> isEarlier(other, batch))
                || toRetry.stream().anyMatch(other -> isEarlier(other, batch));
    }

    private static boolean isEarlier(ProducerBatch one, ProducerBatch other) {
        return one != other && inOrder(one, other) < 0;
    }

    private static int inOrder(ProducerBatch one, ProducerBatch other) {
        return inOrder(one.baseSequence(), other.baseSequence());
    }

    /** After the greatest sequence number comes 0, so the distance counts, in 31 bits; it is small, for few batches are under way. */
    private static int inOrder(int oneSequence, int otherSequence) {
        return (oneSequence - otherSequence) << 1;
    }

    void failedForNow(ProducerBatch batch, long blockedUntil) {
        sendAgain(batch, List.of(batch));
        blockedUntilNanos = blockedUntil;
    }

    /** The batch was too large: these are sent in its place. */
    void split(ProducerBatch batch, List<ProducerBatch> parts) {
        var place = unended.remove(batch);
        if (place != null) {
            parts.forEach(part -> unended.put(part, place));
            numberedCount += parts.size() - 1L;
        }
        sendAgain(batch, parts);
    }

    private void sendAgain(ProducerBatch batch, List<ProducerBatch> parts) {
        inFlight.remove(batch);
        if (batch.identity().isPresent()) {
            toRetry.addAll(parts);
            var sorted = new ArrayList<>(toRetry);
            sorted.sort(PartitionSequence::inOrder);
            toRetry.clear();
            toRetry.addAll(sorted);
        } else {
            // It has no number, and was alone on its way: what waits comes behind it.
            for (var last = parts.size() - 1; last >= 0; last--) {
                toRetry.addFirst(parts.get(last));
            }
        }
        isRecovering = true;
    }

    /** What was sent at least once and made at or before this time, in flight or not, in the order of the first send. */
    List<ProducerBatch> madeUntil(long nanos) {
        return Stream.concat(toRetry.stream(), inFlight.stream())
                .filter(batch -> batch.createdNanos() - nanos <= 0)
                .sorted(PartitionSequence::inOrder)
                .toList();
    }

    /** How long until the oldest of them has this age, 0 or less if it has; the largest long if there is none. */
    long nanosUntilOldestIs(long ageNanos, long nowNanos) {
        var least = Long.MAX_VALUE;
        for (var batch : inFlight) {
            least = Math.min(least, batch.createdNanos() + ageNanos - nowNanos);
        }
        for (var batch : toRetry) {
            least = Math.min(least, batch.createdNanos() + ageNanos - nowNanos);
        }
        return least;
    }

    /** Why an earlier batch of the same identity was given up, if one was: brokers find a gap in its place. */
    Optional<ClientException> gapBefore(ProducerBatch batch) {
        var last = gap;
        return last != null
                        && last.identity.equals(batch.identity())
                        && inOrder(last.sequence, batch.baseSequence()) < 0
                ? Optional.of(last.failure)
                : Optional.empty();
    }

    /** The batch is given up; gives those numbered after it that wait to be sent again, which are lost with it. */
    List<ProducerBatch> failedForGood(ProducerBatch batch, ClientException failure) {
        if (gapBefore(batch).isEmpty()) {
            gap = new GivenUp(batch.identity(), batch.baseSequence(), failure);
        }
        inFlight.remove(batch);
        unended.remove(batch);
        toRetry.remove(batch);
        if (!batch.identity().isPresent()) {
            return List.of();
        }
        var lost = List.copyOf(toRetry);
        toRetry.clear();
        lost.forEach(unended::remove);
        return lost;
    }
}
