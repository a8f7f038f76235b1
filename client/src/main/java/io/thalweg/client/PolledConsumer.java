package io.thalweg.client;

import io.thalweg.api.Consumer;
import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.DeliveryGuarantee;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.api.ThalwegException;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.record.CorruptRecordException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group that an application polls. What is the member's is decided on the loop; {@link OwnedPartitions} is where both meet.
 */
final class PolledConsumer<K, V> implements Consumer<K, V>, PartitionOwner {

    private static final Logger log = LoggerFactory.getLogger(PolledConsumer.class);
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(10);
    private static final long MIN_WAIT_NANOS = Duration.ofMillis(1).toNanos();

    private final ClientRuntime runtime;
    private final Subscription<K, V> subscription;
    private final PartitionConsumer partitions;
    private final RecordDecoder<K, V> decoder;
    private final Runnable whenClosed;
    private final GroupMember member;
    private final OwnedPartitions owned = new OwnedPartitions();
    private final AtomicBoolean isPolling = new AtomicBoolean();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private volatile @Nullable ClientException fatal;
    private long committedNanos;

    PolledConsumer(
            ClientRuntime runtime,
            Subscription<K, V> subscription,
            PartitionConsumer partitions,
            GroupMember.Factory members,
            Runnable whenClosed) {
        this.runtime = runtime;
        this.subscription = subscription;
        this.partitions = partitions;
        this.decoder = new RecordDecoder<>(subscription.keys(), subscription.values());
        this.whenClosed = whenClosed;
        this.member = members.make(this);
        this.committedNanos = runtime.clock().nanos();
    }

    void start() {
        if (!runtime.executeUnlessEnded(member::join)) {
            failed(ClientException.closed());
        }
    }

    @Override
    public List<ConsumerRecord<K, V>> poll(Duration timeout) {
        if (timeout.toNanos() > 0) {
            runtime.checkMayWait("records");
        }
        if (!isPolling.compareAndSet(false, true)) {
            throw new IllegalStateException("the consumer is polled by another thread; expected one at a time");
        }
        try {
            var deadline = runtime.clock().nanos() + timeout.toNanos();
            while (true) {
                settle();
                commitIfDue();
                var now = runtime.clock().nanos();
                var records = next(Math.min(deadline - now, nanosToCommit(now)));
                var isOver = Thread.currentThread().isInterrupted()
                        || deadline - runtime.clock().nanos() <= 0;
                if (!records.isEmpty() || isOver) {
                    return records;
                }
            }
        } catch (ClientException | CorruptRecordException e) {
            throw Failures.toApi(e);
        } finally {
            isPolling.set(false);
            releaseIfClosed();
        }
    }

    private void checkOpen() {
        if (isClosed.get()) {
            throw new IllegalStateException("the consumer is closed");
        }
    }

    /** What was given is done, and what happened to the member meanwhile takes effect. */
    void settle() {
        checkOpen();
        if (subscription.guarantee() == DeliveryGuarantee.AT_LEAST_ONCE) {
            owned.givenIsDone();
        }
        hear();
    }

    private void hear() {
        for (var event = owned.nextEvent(); event != null; event = owned.nextEvent()) {
            event.happen(subscription.listener());
        }
        var failure = fatal;
        if (failure != null) {
            throw Failures.toApi(failure).asFatal();
        }
    }

    private void commitIfDue() {
        var now = runtime.clock().nanos();
        if (now - committedNanos >= subscription.commitInterval().toNanos()) {
            committedNanos = now;
            var unused = commitDone(owned::done).exceptionally(failure -> {
                log.debug("commit of group {} failed; the next one commits the same", subscription.group(), failure);
                return null;
            });
        }
    }

    /** A poll that waits for long commits meanwhile. */
    private long nanosToCommit(long now) {
        return Math.max(MIN_WAIT_NANOS, subscription.commitInterval().toNanos() - (now - committedNanos));
    }

    private CompletableFuture<Void> commitLast(Duration limit, Supplier<Map<TopicPartition, Long>> done) {
        return member.commitWithin(limit, done).thenAccept(owned::committed);
    }

    private CompletableFuture<Void> commitDone(Supplier<Map<TopicPartition, Long>> done) {
        return member.commit(done).thenAccept(owned::committed);
    }

    private List<ConsumerRecord<K, V>> next(long nanos) {
        var chunk = partitions.pollProgress(Duration.ofNanos(Math.max(0, nanos)));
        if (chunk == null) {
            return List.of();
        }
        hearBeforeGiving(chunk);
        var records = decoder.decodeSome(chunk, partitions);
        var nextOffset = chunk.nextOffset(records.size());
        if (!owned.give(chunk.partition(), chunk.tenure(), nextOffset)) {
            return List.of();
        }
        if (subscription.guarantee() == DeliveryGuarantee.AT_MOST_ONCE && !isCommitted(chunk, nextOffset)) {
            return List.of();
        }
        partitions.rewind(chunk, records.size());
        return records;
    }

    /** The listener hears of a partition before the application gets its records. */
    private void hearBeforeGiving(PolledChunk chunk) {
        try {
            hear();
        } catch (RuntimeException e) {
            partitions.rewind(chunk, 0);
            throw e;
        }
    }

    /** False if the partition was given up since: what cannot be committed is not given, and polled again if it is the member's still. */
    private boolean isCommitted(PolledChunk chunk, long nextOffset) {
        var tenures = Map.of(chunk.partition(), chunk.tenure());
        var toCommit = Map.of(chunk.partition(), nextOffset);
        try {
            Thalweg.await(runtime.shown(member.commit(() -> inTenures(tenures, toCommit))));
            return true;
        } catch (ThalwegException.Fenced | ThalwegException.NotFound e) {
            partitions.rewind(chunk, 0);
            return false;
        } catch (ThalwegException e) {
            partitions.rewind(chunk, 0);
            throw e;
        }
    }

    @Override
    public CompletionStage<Void> commit() {
        checkOpen();
        owned.givenIsDone();
        return runtime.shown(commitDone(owned::done));
    }

    @Override
    public CompletionStage<Void> commit(Map<TopicPartition, Long> offsets) {
        checkOpen();
        var toCommit = Map.copyOf(offsets);
        var tenures = owned.tenures(toCommit.keySet());
        owned.doneAsTold(toCommit);
        return runtime.shown(commitDone(() -> inTenures(tenures, toCommit)));
    }

    /** The offsets, unless a partition was given up since, even if it is back. */
    private Map<TopicPartition, Long> inTenures(
            Map<TopicPartition, Integer> tenures, Map<TopicPartition, Long> offsets) {
        var now = owned.tenures(offsets.keySet());
        for (var partition : offsets.keySet()) {
            if (!Objects.equals(tenures.get(partition), now.get(partition))) {
                throw member.notOwned(partition);
            }
        }
        return offsets;
    }

    @Override
    public CompletionStage<Void> seek(TopicPartition partition, StartPosition position) {
        checkOpen();
        return runtime.shown(partitions.seek(partition, position));
    }

    @Override
    public void pause(Collection<TopicPartition> paused) {
        checkOpen();
        partitions.pause(paused);
    }

    @Override
    public void resume(Collection<TopicPartition> resumed) {
        checkOpen();
        partitions.resume(resumed);
    }

    @Override
    public Set<TopicPartition> assignment() {
        return owned.all();
    }

    @Override
    public long position(TopicPartition partition) {
        return partitions.position(partition);
    }

    @Override
    public void assigned(Map<TopicPartition, Long> positions) {
        owned.add(positions.keySet(), partitions.add(positions));
        owned.happened(listener -> listener.assigned(positions.keySet()));
        partitions.wake();
    }

    /** Nothing more of them is given; what was given is done when poll is called again, or never will be in time. */
    @Override
    public CompletionStage<?> revoking(Set<TopicPartition> gone) {
        var settled = new CompletableFuture<Void>();
        partitions.remove(gone);
        owned.revoke(gone);
        owned.happened(listener -> {
            try {
                listener.revoked(gone);
            } finally {
                settled.complete(null);
            }
        });
        var timer = runtime.after(subscription.revocationTimeout().toNanos(), () -> settled.complete(null));
        partitions.wake();
        return settled.thenCompose(all -> {
                    timer.cancel();
                    return commitLast(subscription.revocationTimeout().dividedBy(2), () -> owned.doneOf(gone));
                })
                .whenComplete((committed, failure) -> owned.forget(gone));
    }

    @Override
    public void lost(Set<TopicPartition> gone) {
        if (!gone.isEmpty()) {
            partitions.remove(gone);
            owned.revoke(gone);
            owned.forget(gone);
            owned.happened(listener -> listener.lost(gone));
            partitions.wake();
        }
    }

    @Override
    public void failed(ClientException failure) {
        fatal = failure;
        partitions.wake();
    }

    /** The records of the partition up to this offset are done, for those that are told sooner than the next poll. */
    void done(TopicPartition partition, long nextOffset) {
        if (subscription.guarantee() == DeliveryGuarantee.AT_LEAST_ONCE) {
            owned.done(partition, nextOffset);
        }
    }

    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        partitions.end();
        var left = new CompletableFuture<Void>();
        var isRunning = runtime.executeUnlessEnded(() -> {
            var unused = commitLast(LEAVE_LIMIT.dividedBy(2), owned::done)
                    .whenComplete((committed, failure) -> leaveUnlessEnded(left));
        });
        if (isRunning && !runtime.isCurrent()) {
            awaitEnd(left);
        }
        releaseIfClosed();
        whenClosed.run();
    }

    private void leaveUnlessEnded(CompletableFuture<Void> left) {
        if (!runtime.executeUnlessEnded(() -> leave(left))) {
            left.complete(null);
        }
    }

    private void leave(CompletableFuture<Void> left) {
        var unused = member.leave().whenComplete((any, failure) -> left.complete(null));
    }

    private static void awaitEnd(CompletableFuture<Void> left) {
        try {
            var unused = left.get(LEAVE_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("the group was left without an answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void releaseIfClosed() {
        if (isClosed.get() && isPolling.compareAndSet(false, true)) {
            partitions.release();
            isPolling.set(false);
        }
    }
}
