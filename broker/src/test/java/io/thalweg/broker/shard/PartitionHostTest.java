package io.thalweg.broker.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.lmax.disruptor.BlockingWaitStrategy;
import io.thalweg.broker.partition.Acks;
import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.EpochHistory;
import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.partition.Following;
import io.thalweg.broker.partition.Leading;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.PendingAppend;
import io.thalweg.broker.partition.TopicTraffic;
import io.thalweg.broker.replication.Assignment;
import io.thalweg.broker.replication.IsrChange;
import io.thalweg.broker.request.GatedEngine;
import io.thalweg.broker.runtime.DaemonThreads;
import io.thalweg.broker.runtime.OwnThread;
import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A host on a shard's thread of its own, over memory. */
final class PartitionHostTest {

    private static final Assignment ALONE = new Assignment(List.of(1), List.of(1), 0);

    private final ArrayDeque<FollowerPartition> followers = new ArrayDeque<>();
    private final LinkedBlockingQueue<CompletableFuture<ErrorCode>> isrRequests = new LinkedBlockingQueue<>();
    private final SystemClock clock = new SystemClock();
    private final AtomicLong appendedBytes = new AtomicLong();
    private final GatedEngine engine = new GatedEngine(new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    clock,
                    (delayNanos, task) -> () -> {},
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1))));
    private final Shard shard = new Shard(
            0,
            64,
            new OwnThread(new DaemonThreads("shard-under-test"), new BlockingWaitStrategy()),
            engine,
            new AppendClock(),
            ShardListener.NONE);
    private final PartitionHost host = new PartitionHost(
            shard,
            engine,
            clock,
            new ReplicationPorts(LeadershipListener.NONE, new Followers(), this::request, Long.MAX_VALUE));
    private final Partition partition = new Partition(new LogId("orders", new UUID(1, 2), 0), 0, TopicTraffic.NONE);

    /** What is appended takes a nanosecond for each byte. */
    private final class AppendClock implements Clock {

        @Override
        public long millis() {
            return clock.millis();
        }

        @Override
        public long nanos() {
            return appendedBytes.get();
        }
    }

    private final class Followers implements FollowingListener {
        @Override
        public void began(PartitionHost host, FollowerPartition follower) {
            followers.add(follower);
        }

        @Override
        public void ended(FollowerPartition follower) {}
    }

    private CompletionStage<ErrorCode> request(LogId id, int leaderEpoch, IsrChange change) {
        var request = new CompletableFuture<ErrorCode>();
        isrRequests.add(request);
        return request;
    }

    @BeforeEach
    void lead() {
        engine.gateReads();
        shard.start();
        join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 0, ALONE, 1)));
    }

    @AfterEach
    void close() {
        shard.close();
        engine.close();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    @Test
    void whatAQuestionThrowsIsTheAnswer() {
        var answer = host.ask(partition, leader -> {
            throw new IllegalArgumentException("wanted by the test");
        });

        assertThatThrownBy(() -> join(answer)).hasRootCauseMessage("wanted by the test");
    }

    @Test
    void whoAsksInAnEarlierEpochIsRefused() {
        assertThat(host.askInEpoch(partition, 0, leader -> true).toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(30));

        join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 1, ALONE, 1)));

        assertThatThrownBy(() -> join(host.askInEpoch(partition, 0, leader -> true)))
                .hasRootCauseInstanceOf(StorageException.Fenced.class);
    }

    @Test
    void aVisitEndsWhateverTheVisitorThrows() {
        var visited = host.visit((seen, leader) -> {
            throw new AssertionError("wanted by the test");
        });

        assertThat(visited.toCompletableFuture()).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void aFollowerThatIsCutKnowsWhatIsLeftAndLeadsFromThere() {
        append(sequenced(0), sequenced(1), sequenced(2));

        join(host.follow(partition, LogConfig.DEFAULT, new Following(1, 2, 1, null)));
        assertThat(partition.log()).isNull();
        cut(followers.remove(), 1);
        join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 2, ALONE, 1)));

        assertThat(partition.logEndOffset()).isEqualTo(1);
        assertThat(partition.epochs().starts())
                .containsExactly(new EpochHistory.Start(0, 0), new EpochHistory.Start(2, 1));
        // What was cut off is news again, what was kept is not.
        assertThat(append(sequenced(0), sequenced(1))).containsExactly(0L, 1L);
        assertThat(partition.logEndOffset()).isEqualTo(2);
    }

    @Test
    void aFollowerForWhoseCutThereWasNoRoomCanBeCutLater() {
        append(sequenced(0), sequenced(1), sequenced(2));
        join(host.follow(partition, LogConfig.DEFAULT, new Following(1, 2, 1, null)));
        var follower = followers.remove();
        engine.refuseTruncations(true);
        cut(follower, 1);
        assertThat(follower.isClosed()).isFalse();
        assertThat(follower.endOffset()).isEqualTo(3);
        engine.refuseTruncations(false);

        cut(follower, 1);

        assertThat(follower.endOffset()).isEqualTo(1);
    }

    @Test
    void aFollowerWhoseLogCannotBeReadAfterItWasCutBeginsAgainOnceItCan() {
        append(sequenced(0), sequenced(1), sequenced(2));
        join(host.follow(partition, LogConfig.DEFAULT, new Following(1, 2, 1, null)));
        engine.busyReading(true);
        cut(followers.remove(), 1);
        join(host.visit((seen, leader) -> {}));
        assertThat(partition.isAwaited()).isTrue();
        engine.busyReading(false);

        retryOpenings();

        assertThat(partition.isOffline()).isFalse();
        assertThat(followers.remove().endOffset()).isEqualTo(1);
    }

    @Test
    void aFollowerThatLeadsAfterACutWhichCouldNotBeReadGoesOnWhereItsLogEnds() {
        append(sequenced(0), sequenced(1), sequenced(2));
        join(host.follow(partition, LogConfig.DEFAULT, new Following(1, 2, 1, null)));
        var gate = new CompletableFuture<Void>();
        engine.truncateAfter(gate);
        engine.busyReading(true);
        shard.execute(() -> host.cut(followers.remove(), 1));
        var led = host.lead(partition, LogConfig.DEFAULT, new Leading(1, 2, ALONE, 1));
        gate.complete(null);
        join(led);
        engine.busyReading(false);

        retryOpenings();

        assertThat(append(sequenced(1))).containsExactly(1L);
    }

    /** Over memory an opening ends on the shard, behind what asked for it. */
    private void retryOpenings() {
        host.retryOpenings();
        join(host.visit((seen, leader) -> {}));
        join(host.visit((seen, leader) -> {}));
    }

    /** Such as the cleaner, whose last step would otherwise be about batches that are gone. */
    @Test
    void nobodyCutsALogWhileWhoLedItChangesIt() {
        append(sequenced(0), sequenced(1), sequenced(2));
        var gate = new CompletableFuture<Void>();
        var began = new CompletableFuture<Void>();
        var changed = host.change(partition, 0, () -> {
            began.complete(null);
            return gate;
        });
        join(began);
        join(host.follow(partition, LogConfig.DEFAULT, new Following(1, 2, 1, null)));
        var follower = followers.remove();
        shard.execute(() -> host.cut(follower, 1));
        join(host.visit((seen, leader) -> {}));
        assertThat(follower.log().offsets().end()).isEqualTo(3);

        gate.complete(null);
        join(changed);

        Awaitility.await().until(() -> follower.log().offsets().end() == 1);
        assertThatThrownBy(() -> join(host.change(partition, 0, () -> gate)))
                .hasCauseInstanceOf(StorageException.Fenced.class);
    }

    /** Such as one in whose log a reader has found damage. */
    @Test
    void aFollowerThatIsClosedWhileItIsCutLeadsOnceThatHasEnded() {
        append(sequenced(0), sequenced(1), sequenced(2));
        join(host.follow(partition, LogConfig.DEFAULT, new Following(1, 2, 1, null)));
        var follower = followers.remove();
        var gate = new CompletableFuture<Void>();
        engine.truncateAfter(gate);
        shard.execute(() -> host.cut(follower, 1));
        host.damaged(partition, follower.state().log());

        var led = host.lead(partition, LogConfig.DEFAULT, new Leading(1, 2, ALONE, 1));
        join(host.visit((seen, leader) -> {}));
        assertThat(follower.isClosed()).isTrue();
        assertThat(led.toCompletableFuture()).isNotDone();
        gate.complete(null);
        join(led);

        assertThat(append(sequenced(1))).containsExactly(1L);
    }

    @Test
    void whatBeginsAfterItWasGivenUpIsNotGivenUp() {
        append(sequenced(0), sequenced(1), sequenced(2));
        join(host.follow(partition, LogConfig.DEFAULT, new Following(1, 2, 1, null)));
        var follower = followers.remove();
        var gate = new CompletableFuture<Void>();
        engine.truncateAfter(gate);
        shard.execute(() -> host.cut(follower, 1));
        var given = host.giveUp(partition, ErrorCode.NOT_LEADER_OR_FOLLOWER, "wanted by the test");
        var led = host.lead(partition, LogConfig.DEFAULT, new Leading(1, 2, ALONE, 1));
        join(host.visit((seen, leader) -> {}));

        gate.complete(null);
        join(given);
        join(led);

        assertThat(partition.isLed()).isTrue();
    }

    /** A controller that is about to be replaced may know less than the leader. */
    @Test
    void theIsrIsAskedForAgainWhereTheControllerDoesNotKnowTheTopic() throws InterruptedException {
        join(host.lead(
                partition, LogConfig.DEFAULT, new Leading(1, 1, new Assignment(List.of(1, 2), List.of(1), 0), 1)));
        host.acknowledged(2, 7, List.of(new Acknowledgement(partition, 0, 1)));
        var first = Objects.requireNonNull(isrRequests.poll(30, TimeUnit.SECONDS));

        first.complete(ErrorCode.UNKNOWN_TOPIC_ID);
        host.checkIsr();

        assertThat(isrRequests.poll(30, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aLeaderThatIsElectedAgainKeepsItsLogAndBeginsAnEpoch() {
        append(sequenced(0), sequenced(1));
        var log = partition.log();

        join(host.lead(partition, LogConfig.DEFAULT, new Leading(1, 3, ALONE, 1)));

        assertThat(partition.log()).isSameAs(log);
        assertThat(partition.leaderEpoch()).isEqualTo(3);
        assertThat(partition.highWatermark()).isEqualTo(2);
        assertThat(append(sequenced(1), sequenced(2))).containsExactly(1L, 2L);
    }

    /** Whoever shares a turn with replication is not charged for it by a quota of request time. */
    @Test
    void clientsPayForWhatIsAppendedForThem() {
        var other = new Partition(new LogId("orders", new UUID(1, 2), 1), 0, TopicTraffic.NONE);
        join(host.follow(other, LogConfig.DEFAULT, new Following(1, 2, 1, null)));
        engine.whenAppending(batches ->
                batches.forEach(batch -> appendedBytes.addAndGet(batch.bytes().remaining())));
        var mine = sequenced(0);
        var answered = new CompletableFuture<Void>();
        var group = new AppendGroup(
                List.of(new PendingAppend(partition, RecordBatch.at(mine, 0), mine)),
                Acks.ALL,
                Long.MAX_VALUE,
                shard,
                () -> answered.complete(null),
                () -> {});

        shard.execute(() -> {
            var follower = followers.remove();
            follower.stage(sequenced(0), 0);
            shard.flush(follower);
            shard.append(group);
        });
        join(answered);

        assertThat(group.shardNanos()).isEqualTo(mine.remaining());
    }

    @Test
    void aChangeOfTheIsrLeavesTheLeaderInPlace() {
        var leader = partition.leader();

        join(host.lead(
                partition, LogConfig.DEFAULT, new Leading(1, 0, new Assignment(List.of(1, 2), List.of(1), 1), 1)));

        assertThat(partition.leader()).isSameAs(leader);
        assertThat(partition.isReplica(2)).isTrue();
    }

    private void cut(FollowerPartition follower, long endOffset) {
        var settled = new CompletableFuture<Void>();
        shard.execute(() -> {
            follower.whenSettled(() -> settled.complete(null));
            host.cut(follower, endOffset);
        });
        join(settled);
    }

    /** Gives the base offsets, in order. */
    private List<Long> append(ByteBuffer... batches) {
        var appends = Stream.of(batches)
                .map(bytes -> new PendingAppend(partition, RecordBatch.at(bytes, 0), bytes))
                .toList();
        var answered = new CompletableFuture<Void>();
        shard.tryPublish(
                new AppendGroup(appends, Acks.ALL, Long.MAX_VALUE, shard, () -> answered.complete(null), () -> {}));
        join(answered);
        return appends.stream().map(append -> append.result().baseOffset()).toList();
    }

    private static ByteBuffer sequenced(int sequence) {
        var builder = new RecordBatchBuilder(1 << 10).producer(7, (short) 0, sequence);
        builder.append(1, null, ByteBuffer.allocate(4));
        return builder.build();
    }
}
