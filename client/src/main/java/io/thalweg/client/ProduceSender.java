package io.thalweg.client;

import io.thalweg.api.Acks;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.spi.runtime.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches that are ready from the accumulator, sends them to the leaders of their partitions and follows them until they are
 * acknowledged or given up. Owned by the loop.
 */
final class ProduceSender {

    /** With more in flight, brokers could not tell a batch that is sent again from a new one. */
    private static final int MAX_IN_FLIGHT = 5;

    private static final long RECHECK_NANOS = Duration.ofMillis(100).toNanos();

    private final ClientRuntime runtime;
    private final Connections connections;
    private final MetadataCache metadata;
    private final BatchConfig config;
    private final RecordAccumulator accumulator;
    private final IdentitySource identities;
    private final Map<TopicPartition, PartitionSequence> sequences = new LinkedHashMap<>();
    private final Map<Integer, Integer> requestsInFlight = new HashMap<>();
    private final AtomicBoolean isDrainDue = new AtomicBoolean();
    private final Runnable waking = this::wake;
    private Timers.@Nullable Timer timer;
    private long sleepNanos;
    private boolean isClosed;

    ProduceSender(
            ClientRuntime runtime,
            Connections connections,
            MetadataCache metadata,
            BatchConfig config,
            RecordAccumulator accumulator,
            IdentitySource identities) {
        this.runtime = runtime;
        this.connections = connections;
        this.metadata = metadata;
        this.config = config;
        this.accumulator = accumulator;
        this.identities = identities;
        connections.whenWritable(waking);
        connections.whenClosed(waking);
        metadata.whenChanged(waking);
    }

    /** Has the loop look for batches that are ready; from any thread. */
    void wake() {
        if (isDrainDue.compareAndSet(false, true) && !runtime.executeUnlessEnded(this::drain)) {
            end(ClientException.closed());
        }
    }

    private void drain() {
        assert runtime.isCurrent();
        isDrainDue.set(false);
        if (isClosed) {
            return;
        }
        if (connections.isClosed()) {
            end(ClientException.closed());
            return;
        }
        giveUpWhatIsRefused();
        if (!identities.isReady() && accumulator.hasBatches()) {
            identities.request(this::wake);
        }
        do {
            sleepNanos = Long.MAX_VALUE;
        } while (sendOnce());
        sleep();
    }

    /** New batches need an identity, and the brokers give none. */
    private void giveUpWhatIsRefused() {
        var refusal = identities.takeRefusal();
        if (refusal != null) {
            accumulator.takeAll().forEach(batch -> finish(batch, refusal));
        }
    }

    private void sleep() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (sleepNanos < Long.MAX_VALUE) {
            timer = runtime.after(sleepNanos, this::wake);
        }
    }

    /** Sends at most one request to each broker; false if there was nothing to send. */
    private boolean sendOnce() {
        var attempts = new LinkedHashMap<Integer, ProduceAttempt>();
        for (var partition : accumulator.partitions()) {
            collect(partition, attempts);
        }
        attempts.values().removeIf(ProduceAttempt::isEmpty);
        attempts.values().forEach(this::send);
        return !attempts.isEmpty();
    }

    private void collect(TopicPartition partition, Map<Integer, ProduceAttempt> attempts) {
        var now = runtime.clock().nanos();
        var sequence = sequence(partition);
        expire(partition, sequence, now);
        sleepAtMost(sequence.nanosUntilOldestIs(config.deliveryTimeout().toNanos(), now));
        if (!sequence.mayBegin(now, maxInFlight())) {
            sleepAtMost(sequence.nanosUntilUnblocked(now));
            return;
        }
        if (sequence.peekRetry() == null && !sequence.mayNumber(identities.current())) {
            return; // The answers to what is on its way wake this up.
        }
        var untilReady = sequence.peekRetry() != null ? 0 : nanosUntilReady(partition);
        if (untilReady > 0) {
            sleepAtMost(untilReady);
            return;
        }
        var leader = metadata.image().leader(partition);
        if (leader == null) {
            metadata.refresh(partition.topic());
            sleepAtMost(RECHECK_NANOS);
        } else if (mayTakeMore(leader)) {
            addTo(
                    attempts.computeIfAbsent(
                            leader.nodeId(), key -> new ProduceAttempt(leader, config.maxRequestBytes())),
                    partition,
                    sequence,
                    leader);
        } else {
            sleepAtMost(RECHECK_NANOS); // Until it takes more, what waits may be too old.
        }
    }

    private int maxInFlight() {
        return config.wantsIdempotence() && identities.isSupported() ? MAX_IN_FLIGHT : 1;
    }

    /** New batches wait while the producer has no identity. */
    private long nanosUntilReady(TopicPartition partition) {
        return identities.isReady() ? accumulator.nanosUntilReady(partition) : RECHECK_NANOS;
    }

    private void sleepAtMost(long nanos) {
        if (nanos > 0) {
            sleepNanos = Math.min(sleepNanos, nanos);
        }
    }

    private boolean mayTakeMore(Leader leader) {
        return requestsInFlight.getOrDefault(leader.nodeId(), 0) < MAX_IN_FLIGHT
                && connections.to(leader.endpoint(), ConnectionPurpose.PRODUCE).isWritable();
    }

    private void addTo(ProduceAttempt attempt, TopicPartition partition, PartitionSequence sequence, Leader leader) {
        var retry = sequence.peekRetry();
        if (retry != null) {
            if (retry.sizeInBytes() <= attempt.bytesLeft()) {
                attempt.add(sequence.takeRetry(), leader.topicId());
                sequence.sent(retry);
            }
            return;
        }
        var batch = accumulator.take(partition, attempt.bytesLeft());
        if (batch == null) {
            return;
        }
        try {
            sequence.seal(batch, identities.current());
        } catch (RuntimeException e) {
            finish(
                    batch,
                    new ClientException(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, String.valueOf(e.getMessage()), e));
            return;
        }
        attempt.add(batch, leader.topicId());
        sequence.sent(batch);
    }

    /** Gives up what has waited too long, also for an answer: the application is told in time, whatever becomes of the request. */
    private void expire(TopicPartition partition, PartitionSequence sequence, long now) {
        var limit = config.deliveryTimeout().toNanos();
        if (sequence.nanosUntilOldestIs(limit, now) <= 0) {
            for (var old : sequence.madeUntil(now - limit)) {
                if (!old.isDone()) {
                    giveUp(old, ClientException.timedOut(notDelivered(old), null));
                }
            }
        }
        for (var old = accumulator.takeOlderThan(partition, limit);
                old != null;
                old = accumulator.takeOlderThan(partition, limit)) {
            finish(old, ClientException.timedOut(notDelivered(old), null));
        }
    }

    private String notDelivered(ProducerBatch batch) {
        return batch.recordsCount() + " records for " + batch.partition() + " were not acknowledged within "
                + config.deliveryTimeout().toMillis() + " ms, in " + batch.triesCount() + " tries";
    }

    private void send(ProduceAttempt attempt) {
        var leader = attempt.leader();
        requestsInFlight.merge(leader.nodeId(), 1, Integer::sum);
        var timeoutMillis = (int) connections.config().requestTimeout().toMillis();
        connections
                .to(leader.endpoint(), ConnectionPurpose.PRODUCE)
                .send(new Request<>(
                        ApiKey.PRODUCE,
                        ProduceResponse.class,
                        attempt.maxVersion(),
                        version -> attempt.request(config.acks(), timeoutMillis),
                        connections.config().requestTimeout().toNanos(),
                        config.acks() == Acks.NONE ? () -> unacknowledged(attempt) : null,
                        reply -> answered(attempt, reply.message()),
                        failure -> failed(attempt, failure)));
    }

    private void ended(ProduceAttempt attempt) {
        requestsInFlight.merge(attempt.leader().nodeId(), -1, Integer::sum);
        wake();
    }

    private void unacknowledged(ProduceAttempt attempt) {
        ended(attempt);
        attempt.batches().forEach(batch -> succeeded(batch, -1, Delivery.NO_APPEND_TIME));
    }

    private void answered(ProduceAttempt attempt, ProduceResponse answer) {
        ended(attempt);
        var unanswered = attempt.match(
                answer,
                (batch, each) -> answered(batch, each, LeaderHint.of(each.currentLeader(), answer.nodeEndpoints())));
        unanswered.stream()
                .filter(batch -> !batch.isDone())
                .forEach(batch -> tryAgain(
                        batch,
                        ClientException.answered(
                                "batch of " + batch.partition(), ErrorCode.UNKNOWN_SERVER_ERROR, null)));
    }

    private void failed(ProduceAttempt attempt, ClientException failure) {
        ended(attempt);
        attempt.batches().forEach(batch -> {
            if (batch.isDone()) {
                return;
            }
            if (failure.isRetriable()) {
                metadata.refresh(batch.partition().topic());
                tryAgain(batch, failure);
            } else {
                giveUp(batch, failure);
            }
        });
    }

    private void answered(ProducerBatch batch, ProduceResponse.Partition answer, Optional<LeaderHint> hint) {
        if (batch.isDone()) {
            return;
        }
        var code = ErrorCode.forCode(answer.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        switch (code) {
            case NONE -> {
                if (batch.triesCount() == 1) {
                    accumulator.reuse(batch); // Of an earlier try the bytes may still wait to be sent.
                }
                succeeded(batch, answer.baseOffset(), answer.logAppendTimeMillis());
            }
            case DUPLICATE_SEQUENCE_NUMBER -> succeeded(batch, -1, Delivery.NO_APPEND_TIME);
            default ->
                refused(
                        batch,
                        code,
                        hint,
                        ClientException.answered(
                                "batch of " + batch.recordsCount() + " records for " + batch.partition(),
                                code,
                                answer.errorMessage()));
        }
    }

    private void refused(ProducerBatch batch, ErrorCode code, Optional<LeaderHint> hint, ClientException failure) {
        switch (code) {
            case OUT_OF_ORDER_SEQUENCE_NUMBER, UNKNOWN_PRODUCER_ID -> {
                if (sequence(batch).hasEarlier(batch)) {
                    tryAgain(batch, failure);
                } else {
                    var earlier = sequence(batch).gapBefore(batch);
                    giveUp(batch, earlier.map(why -> lostWith(batch, why)).orElse(failure));
                }
            }
            case MESSAGE_TOO_LARGE -> {
                if (batch.recordsCount() > 1) {
                    split(batch);
                } else {
                    giveUp(batch, failure);
                }
            }
            default -> {
                if (code.isRetriable()) {
                    metadata.refresh(batch.partition(), hint);
                    tryAgain(batch, failure);
                } else {
                    giveUp(batch, failure);
                }
            }
        }
    }

    private PartitionSequence sequence(ProducerBatch batch) {
        return sequence(batch.partition());
    }

    private PartitionSequence sequence(TopicPartition partition) {
        var known = sequences.get(partition);
        if (known != null) {
            return known;
        }
        var begun = new PartitionSequence(runtime.clock().nanos());
        sequences.put(partition, begun);
        return begun;
    }

    private void succeeded(ProducerBatch batch, long baseOffset, long appendTimeMillis) {
        sequence(batch).succeeded(batch);
        accumulator.release(batch);
        connections
                .meters()
                .acknowledged(
                        batch.recordsCount(),
                        batch.sizeInBytes(),
                        runtime.clock().nanos() - batch.createdNanos());
        batch.complete(baseOffset, appendTimeMillis, null);
    }

    private void tryAgain(ProducerBatch batch, ClientException failure) {
        var now = runtime.clock().nanos();
        var leftNanos = config.deliveryTimeout().toNanos() - (now - batch.createdNanos());
        if (isClosed || leftNanos <= 0) {
            giveUp(batch, ClientException.timedOut(notDelivered(batch) + "; last: " + failure.getMessage(), failure));
            return;
        }
        sequence(batch).failedForNow(batch, now + Retries.backoffNanos(batch.triesCount() - 1, leftNanos, runtime));
    }

    /** The topic takes no batches as large as this; its records may fit one by one. */
    private void split(ProducerBatch batch) {
        var parts = batch.split();
        accumulator.replace(batch, parts);
        sequence(batch).split(batch, parts);
    }

    /** Later batches would leave a gap in the sequence, so those already numbered are given up as well. */
    private void giveUp(ProducerBatch batch, ClientException failure) {
        var lost = sequence(batch).failedForGood(batch, failure);
        if (batch.identity().isPresent()) {
            identities.discard(batch.identity(), failure.code());
        }
        finish(batch, failure);
        lost.forEach(later -> finish(later, lostWith(later, failure)));
    }

    private static ClientException lostWith(ProducerBatch batch, ClientException failure) {
        return new ClientException(
                failure.code(),
                batch.recordsCount() + " records for " + batch.partition()
                        + " are given up with an earlier batch, to keep their order: " + failure.getMessage(),
                failure);
    }

    private void finish(ProducerBatch batch, ClientException failure) {
        accumulator.release(batch);
        connections.meters().refused(batch.recordsCount());
        batch.complete(-1, Delivery.NO_APPEND_TIME, failure);
    }

    /** Gives up what is left. */
    void close() {
        assert runtime.isCurrent();
        end(ClientException.disconnected("the producer was closed before the record was acknowledged", null));
    }

    /** On the loop, or on the one thread that found it ended. */
    private void end(ClientException failure) {
        isClosed = true;
        accumulator.close(ClientException::closed);
        connections.forget(waking);
        metadata.forget(waking);
        if (timer != null) {
            timer.cancel();
        }
        List.copyOf(accumulator.takeAll()).forEach(batch -> finish(batch, failure));
        sequences.values().forEach(sequence -> {
            while (sequence.peekRetry() != null) {
                finish(sequence.takeRetry(), failure);
            }
        });
    }
}
