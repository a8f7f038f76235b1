package io.thalweg.client;

import io.thalweg.api.DeliveryGuarantee;
import io.thalweg.api.Processing;
import io.thalweg.api.ProcessingConfig;
import io.thalweg.api.RecordHandler;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.api.ThalwegException;
import io.thalweg.api.TopicPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group that hands its records to a handler. A thread of its own polls, a pool of them handles; the loop owns the member,
 * and {@link KeyLanes} is where all meet.
 */
final class KeyedProcessing<K, V> implements Processing, PartitionOwner {

    private static final Logger log = LoggerFactory.getLogger(KeyedProcessing.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final ClientRuntime runtime;
    private final Subscription<K, V> subscription;
    private final ProcessingConfig config;
    private final RecordHandler<K, V> handler;
    private final PartitionConsumer partitions;
    private final RecordDecoder<K, V> decoder;
    private final @Nullable DeadLetters letters;
    private final Runnable whenClosed;
    private final GroupMember member;
    private final KeyLanes lanes;
    private final ExecutorService workers;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CompletableFuture<Void> ended;
    private volatile boolean isEnding;

    KeyedProcessing(
            ClientRuntime runtime,
            Subscription<K, V> subscription,
            ProcessingConfig config,
            RecordHandler<K, V> handler,
            PartitionConsumer partitions,
            @Nullable DeadLetters letters,
            GroupMember.Factory members,
            Runnable whenClosed) {
        this.runtime = runtime;
        this.subscription = subscription;
        this.config = config;
        this.handler = handler;
        this.partitions = partitions;
        this.decoder = new RecordDecoder<>(subscription.keys(), subscription.values());
        this.letters = letters;
        this.whenClosed = whenClosed;
        this.ended = new ShownStage<>(runtime);
        this.workers = Executors.newFixedThreadPool(config.parallelism(), task -> thread(task, "handler"));
        this.lanes = new KeyLanes(workers, config.maxInFlight(), this::handle);
        this.member = members.make(this);
    }

    /** Refuses what a processing cannot do, before anything is made for it. */
    static void check(Subscription<?, ?> subscription) {
        if (subscription.guarantee() == DeliveryGuarantee.BY_APPLICATION) {
            throw new IllegalArgumentException(
                    "a processing commits by itself; expected AT_LEAST_ONCE or AT_MOST_ONCE");
        }
    }

    private Thread thread(Runnable task, String role) {
        var thread = new Thread(task, "thalweg-" + role + "-" + subscription.group());
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    void start() {
        thread(this::run, "processing").start();
        if (!runtime.executeUnlessEnded(member::join)) {
            failed(ClientException.closed());
        }
        commitLater();
    }

    private void run() {
        try {
            while (!isEnding && !Thread.currentThread().isInterrupted()) {
                var chunk = partitions.pollProgress(POLL);
                if (chunk != null) {
                    take(chunk);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            stop(e);
        } finally {
            end();
        }
    }

    private void take(PolledChunk chunk) throws InterruptedException {
        if (isAtMostOnce() && !isCommitted(chunk)) {
            partitions.rewind(chunk, 0);
            return;
        }
        for (var record : chunk.records()) {
            if (!lanes.admit(record, chunk.tenure())) {
                return;
            }
        }
        lanes.skipTo(chunk.partition(), chunk.tenure(), chunk.nextOffset());
    }

    /** False if the chunk cannot be committed just now, or its partition was given up: it is polled again if it is the member's still. */
    private boolean isCommitted(PolledChunk chunk) {
        try {
            Thalweg.await(runtime.shown(member.commit(() -> {
                if (!lanes.isOwned(chunk.partition(), chunk.tenure())) {
                    throw member.notOwned(chunk.partition());
                }
                return Map.of(chunk.partition(), chunk.nextOffset());
            })));
            return true;
        } catch (ThalwegException e) {
            if (e instanceof ThalwegException.Fenced || e instanceof ThalwegException.NotFound || e.isRetriable()) {
                log.debug("records of {} are not handled before they are committed", chunk.partition(), e);
                return false;
            }
            throw e;
        }
    }

    private boolean isAtMostOnce() {
        return subscription.guarantee() == DeliveryGuarantee.AT_MOST_ONCE;
    }

    private void handle(HandledRecord record) {
        var attempt = record.attempt();
        try {
            handler.handle(decoder.decode(record.copy()));
            lanes.ended(record, true);
        } catch (ThalwegException.Unserializable e) {
            giveUp(record, e);
        } catch (Throwable e) { // Whatever it is, the lane must not wait for ever.
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (isEnding) {
                lanes.ended(record, false);
            } else if (isOfTheMachine(e)) {
                stop(new ThalwegException.HandlerFailed("the handlers cannot go on: " + e, e));
                lanes.ended(record, false);
            } else if (attempt < config.maxAttempts() && !isAtMostOnce()) {
                lanes.paused(record);
                var unused = runtime.after(backoffNanos(attempt), () -> lanes.again(record));
            } else {
                giveUp(record, e);
            }
        }
    }

    /** Out of memory, say: trying again makes it worse. */
    private static boolean isOfTheMachine(Throwable failure) {
        return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
    }

    private long backoffNanos(int attempt) {
        var doubled = config.firstBackoff().multipliedBy(1L << Math.min(20, attempt - 1));
        var capped = doubled.compareTo(config.maxBackoff()) > 0 ? config.maxBackoff() : doubled;
        return (long) (capped.toNanos() * (0.8 + 0.4 * runtime.random().nextDouble()));
    }

    private void giveUp(HandledRecord record, Throwable reason) {
        var what = "record at offset " + record.record().offset() + " of "
                + record.record().partition() + " was not handled in " + record.attemptsCount() + " attempts";
        switch (config.failurePolicy()) {
            case STOP -> {
                stop(new ThalwegException.HandlerFailed(what + ": " + reason, reason));
                lanes.ended(record, false);
            }
            case SKIP -> {
                log.warn("{}; it is left out", what, reason);
                lanes.ended(record, true);
            }
            case DEAD_LETTER -> bury(record, reason);
        }
    }

    /** The record is done once its letter is written; if that cannot be, nothing may be lost by going on. */
    private void bury(HandledRecord record, Throwable reason) {
        var target = letters;
        if (target == null) {
            throw new IllegalStateException("no topic for dead letters");
        }
        var unused = target.write(record.record(), record.attemptsCount(), reason)
                .whenComplete((written, notWritten) -> {
                    if (notWritten != null) {
                        stop(notWritten);
                    }
                    lanes.ended(record, notWritten == null);
                });
    }

    private void stop(Throwable reason) {
        failure.compareAndSet(null, reason);
        isEnding = true;
        var unused = lanes.end();
        partitions.wake();
    }

    private void commitLater() {
        runtime.after(subscription.commitInterval().toNanos(), () -> {
            if (!isEnding) {
                var unused = commit(lanes.partitions()).exceptionally(notCommitted -> {
                    log.debug(
                            "commit of group {} failed; the next one commits more", subscription.group(), notCommitted);
                    return null;
                });
                commitLater();
            }
        });
    }

    private CompletableFuture<Void> commit(Collection<TopicPartition> which) {
        return commit(which, member::commit);
    }

    /** In half the time that handlers have: the rest is for telling the group. */
    private CompletableFuture<Void> commitLast(Collection<TopicPartition> which) {
        var limit = subscription.revocationTimeout().dividedBy(2);
        return commit(which, offsets -> member.commitWithin(limit, offsets));
    }

    private CompletableFuture<Void> commit(Collection<TopicPartition> which, Committing committing) {
        return isAtMostOnce()
                ? CompletableFuture.completedFuture(null)
                : committing.commit(() -> lanes.committable(which)).thenAccept(lanes::committed);
    }

    /** Commits what is given when it is asked for. */
    private interface Committing {
        CompletableFuture<Map<TopicPartition, Long>> commit(Supplier<Map<TopicPartition, Long>> offsets);
    }

    /** Nothing of them is fetched before this returns, for fetching is the loop's as well. */
    @Override
    public void assigned(Map<TopicPartition, Long> positions) {
        lanes.own(positions, partitions.add(positions));
    }

    @Override
    public CompletionStage<?> revoking(Set<TopicPartition> gone) {
        partitions.remove(gone);
        return quiet(lanes.giveUp(gone))
                .thenCompose(quiet -> commitLast(gone))
                .whenComplete((committed, notCommitted) -> lanes.forget(gone));
    }

    /** Waits for handlers, but not for ever. */
    private CompletableFuture<Void> quiet(CompletableFuture<Void> drained) {
        var timer = runtime.after(subscription.revocationTimeout().toNanos(), () -> drained.complete(null));
        return drained.thenRun(timer::cancel);
    }

    @Override
    public void lost(Set<TopicPartition> gone) {
        partitions.remove(gone);
        var unused = lanes.giveUp(gone);
        lanes.forget(gone);
    }

    @Override
    public void failed(ClientException reason) {
        stop(reason);
    }

    /** On the thread that polled: waits for handlers, commits, leaves the group, and tells. */
    private void end() {
        partitions.end();
        partitions.release();
        var left = new CompletableFuture<Void>();
        var isRunning = runtime.executeUnlessEnded(() -> {
            var unused = quiet(lanes.end())
                    .thenCompose(quiet -> commitLast(lanes.partitions()))
                    .whenComplete((committed, notCommitted) -> leaveUnlessEnded(left));
        });
        if (isRunning) {
            left.orTimeout(subscription.revocationTimeout().toNanos() * 2, TimeUnit.NANOSECONDS)
                    .exceptionally(late -> null)
                    .join();
        }
        workers.shutdown();
        if (letters != null) {
            letters.close();
        }
        whenClosed.run();
        var reason = failure.get();
        if (reason == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(Failures.toApi(reason).asFatal());
        }
    }

    private void leaveUnlessEnded(CompletableFuture<Void> left) {
        if (!runtime.executeUnlessEnded(() -> leave(left))) {
            left.complete(null);
        }
    }

    private void leave(CompletableFuture<Void> left) {
        var unused = member.leave().whenComplete((gone, ignored) -> left.complete(null));
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended.copy();
    }

    @Override
    public void close() {
        isEnding = true;
        var unused = lanes.end();
        partitions.wake();
        if (!threads.contains(Thread.currentThread()) && !runtime.isCurrent()) {
            ended.handle((done, reason) -> true).join();
        }
    }
}
