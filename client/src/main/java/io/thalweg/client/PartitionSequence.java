package io.thalweg.client;

import io.thalweg.protocol.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one partition, in order. Owned by the loop.
 *
 * <p>Several batches may be in flight if the producer is idempotent, but none that many behind one that is not answered: a leader that comes
 * to be asked for that again has to know it still. When one fails for a passing reason, the partition waits until all of
 * them are back and then sends them again one by one, in the order of their sequence numbers, until one succeeds.
 *
 * <p>The first batch of a producer is alone: to a broker that knows nothing of the producer any sequence number is the first one, so that
 * a second batch which arrived while the first was refused would be taken, and the first one never again.
 */
final class PartitionSequence {

    private final List<ProducerBatch> inFlight = new ArrayList<>();
    private final ArrayDeque<ProducerBatch> toRetry = new ArrayDeque<>();
    /** From the first batch on that is not done, all that were numbered: brokers know as many again as may be in flight. */
    private final List<ProducerBatch> window = new ArrayList<>();

    private ProducerIdentity identity = ProducerIdentity.NONE;
    private int nextSequence;
    private long blockedUntilNanos;
    private boolean isRecovering;
    private boolean isKnown;
    /** The earliest batch of the last identity that was given up after it was numbered: brokers take none behind it. */
    private @Nullable GivenUp gap;

    private record GivenUp(ProducerBatch batch, ClientException failure) {}

    PartitionSequence(long nowNanos) {
        this.blockedUntilNanos = nowNanos;
    }

    /** Whether a batch may be sent now, be it again or for the first time. */
    boolean mayBegin(long nowNanos, int maxInFlight) {
        if (blockedUntilNanos - nowNanos > 0) {
            return false;
        }
        if (isRecovering || !isKnown) {
            return inFlight.isEmpty();
        }
        while (!window.isEmpty() && window.get(0).isDone()) {
            window.remove(0);
        }
        return window.size() < maxInFlight;
    }

    long nanosUntilUnblocked(long nowNanos) {
        return Math.max(0, blockedUntilNanos - nowNanos);
    }

    boolean isIdle() {
        return inFlight.isEmpty() && toRetry.isEmpty();
    }

    /** Whether a new batch may be numbered under the identity: not while those of another are on their way, for nothing would order them. */
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
        window.add(batch);
    }

    void sent(ProducerBatch batch) {
        batch.tried();
        inFlight.add(batch);
    }

    void succeeded(ProducerBatch batch) {
        inFlight.remove(batch);
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

    /** After the greatest sequence number comes 0, so the distance counts, in 31 bits; it is small, for few batches are under way. */
    private static int inOrder(ProducerBatch one, ProducerBatch other) {
        return (one.baseSequence() - other.baseSequence()) << 1;
    }

    void failedForNow(ProducerBatch batch, long blockedUntil) {
        sendAgain(batch, List.of(batch));
        blockedUntilNanos = blockedUntil;
    }

    /** The batch was too large: these are sent in its place. */
    void split(ProducerBatch batch, List<ProducerBatch> parts) {
        var place = window.indexOf(batch);
        window.remove(place);
        window.addAll(place, parts);
        sendAgain(batch, parts);
    }

    private void sendAgain(ProducerBatch batch, List<ProducerBatch> parts) {
        inFlight.remove(batch);
        toRetry.addAll(parts);
        if (toRetry.size() > 1) {
            var sorted = new ArrayList<>(toRetry);
            sorted.sort(PartitionSequence::inOrder);
            toRetry.clear();
            toRetry.addAll(sorted);
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
        return last != null && last.batch.identity().equals(batch.identity()) && isEarlier(last.batch, batch)
                ? Optional.of(last.failure)
                : Optional.empty();
    }

    /** The batch is given up; gives those numbered after it that wait to be sent again, which are lost with it. */
    List<ProducerBatch> failedForGood(ProducerBatch batch, ClientException failure) {
        if (gapBefore(batch).isEmpty()) {
            gap = new GivenUp(batch, failure);
        }
        inFlight.remove(batch);
        toRetry.remove(batch);
        if (!batch.identity().isPresent()) {
            return List.of();
        }
        var lost = List.copyOf(toRetry);
        toRetry.clear();
        return lost;
    }
}
