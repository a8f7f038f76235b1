package io.thalweg.broker.follower;

import io.thalweg.broker.partition.EpochHistory;
import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.peer.Peer;
import io.thalweg.broker.peer.PeerAnswer;
import io.thalweg.broker.peer.PeerRuntime;
import io.thalweg.broker.quota.ReplicationThrottle;
import io.thalweg.broker.shard.PartitionHost;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.record.CorruptRecordException;
import io.thalweg.protocol.record.UnsupportedMagicException;
import io.thalweg.spi.transport.Endpoint;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches from one leader for the followers of one shard. Owned by the shard.
 *
 * <p>One fetch is under way at a time. What it brings is staged in the shard's turn, committed with it, and only then does the next
 * fetch leave: the offsets it asks for are the ones that are durable here.
 */
final class ReplicaFetcher {

    private static final Logger log = LoggerFactory.getLogger(ReplicaFetcher.class);

    private static final short VERSION = ApiKey.FETCH.maxStableVersion();
    /** A fetch that waits at the leader is cut short for partitions that are added, but not more often than that. */
    private static final long INTERRUPT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final PartitionHost host;
    private final PeerRuntime runtime;
    private final FetcherConfig config;
    private final LongSupplier brokerEpoch;
    private final Peer peer;
    private final FetcherSession session;
    private final CatchUpPause pause;
    /** Those that hold on to what the last fetch brought. */
    private final Set<FetchedPartition> holding = new LinkedHashSet<>();

    private @Nullable PeerAnswer<FetchResponse> held;
    private int brokerId;
    private long fetchNumber;
    private long interruptedAtNanos;
    private boolean isWaiting;
    private boolean isResting;
    private boolean isScheduled;
    private boolean isInterrupting;
    private boolean isClosed;
    private int failureCount;

    /**
     * How it fetches.
     *
     * @param brokerEpoch of this broker's present life
     * @param throttle holds up those that catch up
     */
    record Terms(FetcherConfig config, LongSupplier brokerEpoch, ReplicationThrottle throttle) {}

    ReplicaFetcher(PartitionHost host, PeerRuntime runtime, Terms terms, Endpoint leader) {
        this.host = host;
        this.runtime = runtime;
        this.config = terms.config();
        this.brokerEpoch = terms.brokerEpoch();
        this.peer = new Peer(runtime, host.shard(), leader);
        this.session = new FetcherSession(config);
        this.pause = new CatchUpPause(terms.throttle(), session, runtime.clock(), this::after, this::schedule);
        this.interruptedAtNanos = runtime.clock().nanos() - INTERRUPT_NANOS;
    }

    void add(FollowerPartition follower) {
        var partition = new FetchedPartition(follower);
        brokerId = follower.following().brokerId();
        session.add(partition);
        follower.whenSettled(() -> settled(partition));
        // Whoever led this partition before may have come back as its leader: no reason to rest.
        isResting = false;
        schedule();
        interruptWait();
    }

    void remove(FollowerPartition follower) {
        var partition = new FetchedPartition(follower);
        session.find(partition.key())
                .filter(known -> known.follower() == follower)
                .ifPresent(known -> session.remove(known.key()));
    }

    boolean isEmpty() {
        return session.isEmpty();
    }

    void close() {
        isClosed = true;
        peer.close();
    }

    /** Fetches when the turn has done what it does: others may be added in it. */
    private void schedule() {
        if (!isScheduled && !isClosed) {
            isScheduled = true;
            host.shard().execute(this::fetch);
        }
    }

    private void fetch() {
        isScheduled = false;
        if (isWaiting || held != null || isResting || isClosed) {
            return;
        }
        session.next().ifPresent(this::send);
    }

    private void send(FetchRequest.Builder request) {
        isWaiting = true;
        fetchNumber++;
        var asFollower = request.maxWaitMillis(pause.waitMillis(config.maxWaitMillis()))
                .replicaState(FetchRequest.ReplicaState.builder()
                        .replicaId(brokerId)
                        .replicaEpoch(brokerEpoch.getAsLong())
                        .build())
                .build();
        peer.send(asFollower, VERSION, FetchResponse.class, config.timeoutNanos())
                .whenComplete(this::answered);
    }

    /** Has a fetch that waits at the leader come back, since it does not know of a partition that was added. */
    private void interruptWait() {
        if (!isWaiting || isInterrupting) {
            return;
        }
        isInterrupting = true;
        var number = fetchNumber;
        var sinceNanos = runtime.clock().nanos() - interruptedAtNanos;
        after(Math.max(0, INTERRUPT_NANOS - sinceNanos), () -> {
            isInterrupting = false;
            if (isWaiting && fetchNumber == number) {
                interruptedAtNanos = runtime.clock().nanos();
                peer.disconnect();
            }
        });
    }

    private void answered(@Nullable PeerAnswer<FetchResponse> answer, @Nullable Throwable failure) {
        isWaiting = false;
        if (answer == null) {
            log.debug("fetch from {} came to nothing", peer, failure);
            startOver();
            return;
        }
        held = answer;
        try {
            take(answer.message());
        } catch (RuntimeException | Error e) {
            log.error("the answer of {} could not be taken in", peer, e);
            startOver();
        }
        releaseUnheld();
    }

    private void take(FetchResponse answer) {
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            log.debug("{} refuses to be fetched from: {}", peer, answer.errorCode());
            startOver();
            return;
        }
        failureCount = 0;
        session.answered(answer);
        for (var topic : answer.responses()) {
            for (var read : topic.partitions()) {
                session.find(new FetchedPartition.Key(topic.topicId(), read.partitionIndex()))
                        .filter(FetchedPartition::isAsked)
                        .filter(FetchedPartition::isFetchable)
                        .ifPresent(partition -> take(partition, read));
            }
        }
    }

    /** Begins a new session after a while. */
    private void startOver() {
        session.reset();
        isResting = true;
        after(config.backoffNanos(++failureCount), () -> {
            isResting = false;
            schedule();
        });
    }

    private void take(FetchedPartition partition, FetchResponse.Partition read) {
        var error = ErrorCode.forCode(read.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        var diverging = read.divergingEpoch();
        if (error == ErrorCode.OFFSET_OUT_OF_RANGE
                && read.logStartOffset() > partition.follower().endOffset()) {
            session.changed(partition);
            partition.changing(partition.follower().endOffset());
            host.restart(partition.follower(), read.logStartOffset());
        } else if (error != ErrorCode.NONE) {
            log.debug("{} is not given by {}: {}", partition.follower(), peer, error);
            rest(partition);
        } else if (diverging.endOffset() >= 0) {
            cut(partition, new EpochHistory.End(diverging.epoch(), diverging.endOffset()));
        } else {
            stage(partition, read);
        }
    }

    private void cut(FetchedPartition partition, EpochHistory.End leaderEnd) {
        var follower = partition.follower();
        var endOffset = follower.cutFor(leaderEnd);
        if (endOffset < follower.endOffset()) {
            session.changed(partition);
            partition.changing(follower.endOffset());
            host.cut(follower, endOffset);
        } else {
            log.warn("{} ends at {} and {} has it part at {}", follower, follower.endOffset(), peer, leaderEnd);
            rest(partition);
        }
    }

    private void stage(FetchedPartition partition, FetchResponse.Partition read) {
        var follower = partition.follower();
        var fromOffset = follower.endOffset();
        try {
            if (read.records() instanceof BufferRecords batches
                    && follower.stage(batches.bytes(), read.highWatermark())) {
                partition.changing(fromOffset);
                holding.add(partition);
                host.shard().flush(follower);
                pause.charge(partition, batches.bytes().remaining());
            } else {
                partition.succeeded();
            }
        } catch (CorruptRecordException | UnsupportedMagicException e) {
            log.warn("what {} answered for {} at offset {} is fetched again", peer, follower, fromOffset, e);
            rest(partition);
        }
        if (read.logStartOffset() > follower.published().logStartOffset()) {
            host.followStart(follower, read.logStartOffset());
        }
    }

    /** A partition has done with what it was given, or was cut, or was closed. */
    private void settled(FetchedPartition partition) {
        if (partition.takeRefusal()) {
            rest(partition);
        }
        session.changed(partition);
        if (!partition.follower().holdsFetched()) {
            holding.remove(partition);
        }
        releaseUnheld();
        interruptWait();
    }

    private void releaseUnheld() {
        var answer = held;
        if (answer != null && holding.isEmpty()) {
            held = null;
            answer.close();
        }
        schedule();
    }

    private void rest(FetchedPartition partition) {
        session.changed(partition);
        after(config.backoffNanos(partition.rest()), () -> {
            partition.rested();
            session.changed(partition);
            schedule();
            interruptWait();
        });
    }

    private void after(long nanos, Runnable task) {
        runtime.timers().schedule(nanos, () -> host.shard().execute(task));
    }
}
