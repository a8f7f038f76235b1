package io.thalweg.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.broker.purgatory.Watch;
import io.thalweg.broker.replication.Assignment;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LeaderPartitionTest {

    private static final int BROKER = 1;
    private static final long DEADLINE = 1_000;

    private final Partition published = new Partition(new LogId("orders", new UUID(1, 2), 0), 0, TopicTraffic.NONE);
    private final FakeLog log = new FakeLog();
    private final SteppedLoop shard = new SteppedLoop();
    private final SteppedLoop replies = new SteppedLoop();
    private final Outbox outbox = new Outbox();
    private final ManualClock clock = new ManualClock();
    private final RefusedSequences refusals = new RefusedSequences(clock);
    private int releases;
    private LeaderPartition leader = lead(1, BROKER);

    @Test
    void leaderAckWaitsUntilTheBatchIsDurable() {
        var append = append(Batches.plain(3), Acks.LEADER);
        leader.flush();
        assertThat(append.isAnswered()).isFalse();

        leader.committed(3);

        assertThat(result(append)).isEqualTo(AppendResult.appended(0, 0));
    }

    @Test
    void offsetsFollowEachOtherWithinATurn() {
        var first = append(Batches.plain(3), Acks.ALL);
        var second = append(Batches.plain(2), Acks.ALL);
        leader.flush();
        leader.committed(5);

        assertThat(result(first).baseOffset()).isZero();
        assertThat(result(second).baseOffset()).isEqualTo(3);
        assertThat(log.appended).extracting(Batch::lastOffset).containsExactly(2L, 4L);
        assertThat(published.logEndOffset()).isEqualTo(5);
        assertThat(published.highWatermark()).isEqualTo(5);
    }

    @Test
    void memoryIsReleasedOnceTheCommitIsThroughAndTheGroupAnswered() {
        append(Batches.plain(1), Acks.NONE);
        leader.flush();
        assertThat(releases).isZero();

        leader.committed(1);

        assertThat(releases).isEqualTo(1);
    }

    @Test
    void highWatermarkWaitsForTheOtherInSyncReplica() {
        leader = lead(1, BROKER, 2);
        var leaderOnly = append(Batches.plain(1), Acks.LEADER);
        var all = append(Batches.plain(1), Acks.ALL);
        leader.flush();
        leader.committed(2);

        assertThat(result(leaderOnly).error()).isEqualTo(ErrorCode.NONE);
        assertThat(all.isAnswered()).isFalse();
        assertThat(published.highWatermark()).isZero();
    }

    @Test
    void highWatermarkStaysWhereItWasWhenTheLogIsOpenedAgainInTheSameEpoch() {
        append(Batches.plain(3), Acks.ALL);
        leader.flush();
        leader.committed(3);
        leader.close(ErrorCode.KAFKA_STORAGE_ERROR, "its log failed");

        leader = lead(1, BROKER, 2);

        assertThat(published.highWatermark()).isEqualTo(3);
    }

    @Test
    void aFollowersWordCountsUnderThePresentEpochOnly() {
        leader = lead(1, BROKER, 2);
        var append = append(Batches.plain(1), Acks.ALL);
        leader.flush();
        leader.committed(1);

        leader.acknowledged(2, 5, 1, 6);
        assertThat(append.isAnswered()).isFalse();
        leader.acknowledged(2, 5, 1, 7);

        assertThat(result(append)).isEqualTo(AppendResult.appended(0, 0));
        assertThat(published.highWatermark()).isEqualTo(1);
    }

    @Test
    void whoMayNotJoinHoldsTheHighWatermarkBackNoMore() {
        leader = lead(1, BROKER, 2);
        leader.acknowledged(3, 5, 0, 7);
        var change = leader.proposeIsr(1_000).orElseThrow();
        var append = append(Batches.plain(1), Acks.ALL);
        leader.flush();
        leader.committed(1);
        leader.acknowledged(2, 5, 1, 7);
        assertThat(append.isAnswered()).isFalse();

        leader.isrRefused(change, 1_000);

        assertThat(result(append)).isEqualTo(AppendResult.appended(0, 0));
        assertThat(published.highWatermark()).isEqualTo(1);
    }

    @Test
    void whoWaitsIsToldWhenTooFewAreLeftInSync() {
        leader = lead(2, BROKER, 2);
        var append = append(Batches.plain(1), Acks.ALL);
        leader.flush();
        leader.committed(1);

        leader.update(new Leading(BROKER, 7, new Assignment(List.of(BROKER, 2, 3), List.of(BROKER), 1), 2));

        assertThat(result(append).error()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
        assertThat(published.highWatermark()).isZero();
    }

    @Test
    void followersAreWokenByTheEndAndConsumersByTheHighWatermark() {
        leader = lead(1, BROKER, 2);
        var fired = new ArrayList<String>();
        leader.watch(new Watch(replies, () -> fired.add("consumer")), 0, 0, 7);
        leader.watchEnd(new Watch(replies, () -> fired.add("follower")), 0, 0, 7);

        append(Batches.plain(1), Acks.ALL);
        leader.flush();
        outbox.flush();
        replies.runAll();
        assertThat(fired).containsExactly("follower");
        leader.committed(1);
        leader.acknowledged(2, 5, 1, 7);
        outbox.flush();
        replies.runAll();

        assertThat(fired).containsExactly("follower", "consumer");
    }

    @Test
    void waitingAppendsTimeOut() {
        leader = lead(1, BROKER, 2);
        var append = append(Batches.plain(1), Acks.ALL);
        leader.flush();
        leader.committed(1);

        leader.expire(DEADLINE - 1);
        assertThat(append.isAnswered()).isFalse();
        leader.expire(DEADLINE);

        assertThat(result(append).error()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
    }

    @Test
    void acksAllIsRefusedWithTooFewInSyncReplicas() {
        leader = lead(2, BROKER);

        assertThat(result(append(Batches.plain(1), Acks.ALL)).error()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        var leaderOnly = append(Batches.plain(1), Acks.LEADER);
        leader.flush();
        leader.committed(1);
        assertThat(result(leaderOnly).error()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aProducersLaterBatchIsNotTakenAsItsFirstOnceThereAreEnoughReplicas() {
        leader = lead(2, BROKER);
        var refused = append(Batches.sequenced(7, 0, 0, 1), Acks.ALL);
        assertThat(result(refused).error()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);

        leader.minInsyncReplicas(1);

        assertThat(result(append(Batches.sequenced(7, 0, 1, 1), Acks.ALL)).error())
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
        var again = append(Batches.sequenced(7, 0, 0, 1), Acks.ALL);
        var next = append(Batches.sequenced(7, 0, 1, 1), Acks.ALL);
        leader.flush();
        leader.committed(2);
        assertThat(result(again)).isEqualTo(AppendResult.appended(0, 0));
        assertThat(result(next)).isEqualTo(AppendResult.appended(1, 0));
    }

    @Test
    void aPartitionWithFewerReplicasThanAcksAllAsksForAsksForAllItHas() {
        leader = leadOne(2);

        var append = append(Batches.plain(1), Acks.ALL);
        leader.flush();
        leader.committed(1);

        assertThat(result(append).error()).isEqualTo(ErrorCode.NONE);
        assertThat(published.highWatermark()).isEqualTo(1);
    }

    @Test
    void anEpochBeginsWithLeadingAndNotWithTheFirstRecord() {
        assertThat(published.epochs().starts()).containsExactly(new EpochHistory.Start(7, 0));
    }

    @Test
    void aDuplicateIsAnsweredWithTheFirstOffsetAndNotAppendedAgain() {
        append(Batches.sequenced(5, 0, 0, 2), Acks.ALL);
        leader.flush();
        leader.committed(2);

        var again = append(Batches.sequenced(5, 0, 0, 2), Acks.ALL);

        assertThat(result(again)).isEqualTo(AppendResult.appended(0, 0));
        assertThat(leader.flush()).isFalse();
        assertThat(log.appended).hasSize(1);
    }

    @Test
    void aDuplicateOfABatchNotYetDurableWaitsWithIt() {
        append(Batches.sequenced(5, 0, 0, 2), Acks.ALL);
        leader.flush();

        var again = append(Batches.sequenced(5, 0, 0, 2), Acks.ALL);
        assertThat(again.isAnswered()).isFalse();
        leader.committed(2);

        assertThat(result(again).baseOffset()).isZero();
    }

    @Test
    void whenTheLogRefusesATurnItsDuplicatesAreRefusedToo() {
        log.refusal = new StorageException.Full("no room", null);
        var first = append(Batches.sequenced(5, 0, 0, 2), Acks.ALL);
        var again = append(Batches.sequenced(5, 0, 0, 2), Acks.ALL);
        leader.flush();
        log.refusal = null;

        assertThat(result(first).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(result(again).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        var other = append(Batches.plain(2), Acks.ALL);
        var retried = append(Batches.sequenced(5, 0, 0, 2), Acks.ALL);
        leader.flush();
        leader.committed(4);
        assertThat(result(other).baseOffset()).isZero();
        assertThat(result(retried).baseOffset()).isEqualTo(2);
    }

    @Test
    void whatWasOnlyStagedWhenThePartitionWasGivenUpIsNotInItsState() {
        append(Batches.plain(1), Acks.ALL);
        leader.flush();
        append(Batches.sequenced(5, 0, 0, 2), Acks.ALL);

        leader.close(ErrorCode.NOT_LEADER_OR_FOLLOWER, "moved");

        assertThat(leader.endOffset()).isEqualTo(1);
    }

    @Test
    void aLeaderThatGaveUpPublishesNothingAnyMore() {
        append(Batches.plain(3), Acks.LEADER);
        leader.flush();
        leader.close(ErrorCode.NOT_LEADER_OR_FOLLOWER, "moved");

        leader.committed(3);
        leader.startAdvanced(2);

        assertThat(published.highWatermark()).isZero();
        assertThat(published.logStartOffset()).isZero();
    }

    @Test
    void aFailedCommitTakesThePartitionOffline() {
        var append = append(Batches.plain(1), Acks.LEADER);
        leader.flush();

        leader.commitFailed(new StorageException.Offline("disk is gone", null));

        assertThat(result(append).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
        assertThat(releases).isEqualTo(1);
        assertThat(published.log()).isNull();
        assertThat(result(append(Batches.plain(1), Acks.LEADER)).error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    @Test
    void aWatchFiresWhenTheHighWatermarkMoves() {
        var fired = new ArrayList<String>();
        leader.watch(new Watch(replies, () -> fired.add("moved")), 0, 0, 7);
        append(Batches.plain(1), Acks.LEADER);
        leader.flush();
        outbox.flush();
        replies.runAll();
        assertThat(fired).isEmpty();

        leader.committed(1);
        outbox.flush();
        replies.runAll();

        assertThat(fired).containsExactly("moved");
    }

    @Test
    void aWatchOnWhatIsNoLongerTrueFiresAtOnce() {
        var fired = new ArrayList<String>();

        leader.watch(new Watch(replies, () -> fired.add("start")), 1, 0, 7);
        leader.watch(new Watch(replies, () -> fired.add("offset")), 0, 5, 7);
        leader.watch(new Watch(replies, () -> fired.add("epoch")), 0, 0, 6);
        leader.close(ErrorCode.NOT_LEADER_OR_FOLLOWER, "moved");
        leader.watch(new Watch(replies, () -> fired.add("closed")), 0, 0, 7);
        outbox.flush();
        replies.runAll();

        assertThat(fired).containsExactly("start", "offset", "epoch", "closed");
    }

    private LeaderPartition lead(int minInsyncReplicas, Integer... inSync) {
        return lead(
                new Leading(BROKER, 7, new Assignment(List.of(BROKER, 2, 3), List.of(inSync), 0), minInsyncReplicas));
    }

    private LeaderPartition leadOne(int minInsyncReplicas) {
        return lead(new Leading(BROKER, 7, new Assignment(List.of(BROKER), List.of(BROKER), 0), minInsyncReplicas));
    }

    private LeaderPartition lead(Leading leading) {
        var restored = new RestoredLog(log, new ProducerStates(), EpochHistory.EMPTY);
        return LeaderPartition.begin(new ReplicaLog(published, restored), leading, shard, outbox, clock);
    }

    private PendingAppend append(ByteBuffer bytes, Acks acks) {
        var append = new PendingAppend(published, Batches.view(bytes), bytes, refusals);
        new AppendGroup(List.of(append), acks, DEADLINE, replies, () -> {}, () -> releases++);
        leader.append(append);
        return append;
    }

    private static AppendResult result(PendingAppend append) {
        assertThat(append.isAnswered()).isTrue();
        return append.result();
    }

    /** A log that remembers batches and can be told to refuse them. */
    private static final class FakeLog implements PartitionLog {

        private final List<Batch> appended = new ArrayList<>();
        private @Nullable StorageException refusal;
        private long end;

        @Override
        public void append(List<Batch> batches) {
            if (refusal != null) {
                throw refusal;
            }
            appended.addAll(batches);
            end = batches.get(batches.size() - 1).lastOffset() + 1;
        }

        @Override
        public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
            return CompletableFuture.completedFuture(LogSlice.empty());
        }

        @Override
        public CompletionStage<OptionalLong> find(long timestamp) {
            return CompletableFuture.completedFuture(OptionalLong.empty());
        }

        @Override
        public CompletionStage<Void> truncateTo(long endOffset) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> advanceStart(long startOffset) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public LogOffsets offsets() {
            return new LogOffsets(0, 0, end, end, -1);
        }

        @Override
        public void close() {}
    }
}
