package io.thalweg.broker.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.record.EndTransactionMarker;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.protocol.record.RecordView;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BatchCleanerTest {

    private static final long NOW = 10_000;
    private static final long DELETE_RETENTION = 500;
    private static final long KNOWN_END = 1_000;

    private final OffsetMap offsets = new OffsetMap(100, 0.9);

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Records at offsets from 10 on; {@code key} is a tombstone, {@code key=value} is not. */
    private static RecordBatch batch(RecordBatchBuilder builder, String... records) {
        builder.baseOffset(10).leaderEpoch(3);
        for (var record : records) {
            var parts = record.split("=", 2);
            builder.append(NOW - 5, bytes(parts[0]), parts.length == 1 ? null : bytes(parts[1]));
        }
        return RecordBatch.at(builder.build(), 0);
    }

    private static RecordBatch batch(String... records) {
        return batch(new RecordBatchBuilder(1 << 16), records);
    }

    private @Nullable RecordBatch clean(RecordBatch batch) {
        return clean(batch, NOW, Set.of(), KNOWN_END);
    }

    private @Nullable RecordBatch clean(RecordBatch batch, long now, Set<Long> remembered, long rangeEnd) {
        var rules = new CleaningRules(offsets, KNOWN_END, now, DELETE_RETENTION, remembered);
        var cleaner = new BatchCleaner(rules);
        cleaner.clean(of(batch.partitionLeaderEpoch(), 0), KNOWN_END);
        var left = cleaner.clean(batch, rangeEnd);
        return left == null ? null : RecordBatch.at(left, left.position());
    }

    private static List<Long> offsetsOf(@Nullable RecordBatch batch) {
        var found = new ArrayList<Long>();
        Objects.requireNonNull(batch, "batch").records().forEachRemaining(record -> found.add(record.offset()));
        return found;
    }

    private void learn(RecordBatch batch) {
        batch.records().forEachRemaining(record -> offsets.put(Objects.requireNonNull(record.key()), record.offset()));
    }

    @Test
    void whatIsUpToDateStaysByteForByte() {
        var batch = batch("a=1", "b=2");
        learn(batch);

        assertThat(Objects.requireNonNull(clean(batch)).bytes()).isEqualTo(batch.bytes());
    }

    @Test
    void recordsThatHaveALaterOneGo() {
        var batch = batch("a=1", "b=2", "a=3", "c=4");
        learn(batch);
        offsets.put(bytes("c"), 99);

        var cleaned = Objects.requireNonNull(clean(batch));

        assertThat(offsetsOf(cleaned)).containsExactly(11L, 12L);
        assertThat(cleaned.baseOffset()).isEqualTo(10);
        assertThat(cleaned.lastOffset()).isEqualTo(13);
        assertThat(cleaned.partitionLeaderEpoch()).isEqualTo(3);
        assertThat(cleaned.crcIsValid()).isTrue();
        assertThat(cleaned.records().next().timestamp()).isEqualTo(NOW - 5);
    }

    @Test
    void aBatchWithNothingLeftGoes() {
        offsets.put(bytes("a"), 99);

        assertThat(clean(batch("a=1"))).isNull();
    }

    @Test
    void aBatchThatDuplicatesAreToldByStaysWithoutRecords() {
        offsets.put(bytes("a"), 99);
        var batch = batch(new RecordBatchBuilder(1 << 16).producer(7, (short) 2, 40), "a=1", "a=2");

        var cleaned = Objects.requireNonNull(clean(batch, NOW, Set.of(11L), KNOWN_END));

        assertThat(cleaned.recordsCount()).isZero();
        assertThat(cleaned.producerId()).isEqualTo(7);
        assertThat(cleaned.producerEpoch()).isEqualTo((short) 2);
        assertThat(cleaned.baseSequence()).isEqualTo(40);
        assertThat(cleaned.lastSequence()).isEqualTo(41);
        assertThat(cleaned.lastOffset()).isEqualTo(11);
        assertThat(cleaned.maxTimestamp()).isEqualTo(NOW - 5);
        assertThat(clean(batch, NOW, Set.of(12L), KNOWN_END)).isNull();
        assertThat(clean(cleaned, NOW, Set.of(12L), KNOWN_END)).isNull();
    }

    @Test
    void theBatchThatEndsTheRangeStaysWithoutRecords() {
        offsets.put(bytes("a"), 99);

        var cleaned = Objects.requireNonNull(clean(batch("a=1"), NOW, Set.of(), 11));

        assertThat(cleaned.recordsCount()).isZero();
        assertThat(cleaned.nextOffset()).isEqualTo(11);
    }

    /** Where an epoch begins tells replicas which wrote on under the one before where to cut. */
    @Test
    void theFirstBatchOfAnEpochStaysWithoutRecords() {
        offsets.put(bytes("a"), 99);
        var cleaner = new BatchCleaner(new CleaningRules(offsets, KNOWN_END, NOW, DELETE_RETENTION, Set.of()));

        var first = Objects.requireNonNull(cleaner.clean(of(3, 9), KNOWN_END));
        var second = cleaner.clean(of(3, 10), KNOWN_END);
        var beginning = Objects.requireNonNull(cleaner.clean(of(5, 11), KNOWN_END));
        var next = cleaner.clean(of(5, 12), KNOWN_END);

        assertThat(RecordBatch.at(first, first.position()).baseOffset()).isEqualTo(9);
        assertThat(second).isNull();
        var kept = RecordBatch.at(beginning, beginning.position());
        assertThat(kept.recordsCount()).isZero();
        assertThat(kept.partitionLeaderEpoch()).isEqualTo(5);
        assertThat(kept.baseOffset()).isEqualTo(11);
        assertThat(next).isNull();
    }

    private static RecordBatch of(int epoch, long offset) {
        var builder = new RecordBatchBuilder(1 << 16).baseOffset(offset).leaderEpoch(epoch);
        builder.append(NOW - 5, bytes("a"), bytes("1"));
        return RecordBatch.at(builder.build(), 0);
    }

    @Test
    void aTombstoneGetsItsHorizonWhenItIsFirstCleaned() {
        var batch = batch("a", "b=2");
        learn(batch);

        var cleaned = Objects.requireNonNull(clean(batch));

        assertThat(cleaned.hasDeleteHorizon()).isTrue();
        assertThat(cleaned.baseTimestamp()).isEqualTo(NOW + DELETE_RETENTION);
        assertThat(offsetsOf(cleaned)).containsExactly(10L, 11L);
        assertThat(cleaned.records().next().timestamp()).isEqualTo(NOW - 5);
        assertThat(cleaned.maxTimestamp()).isEqualTo(NOW - 5);
    }

    @Test
    void aTombstoneGoesAtItsHorizon() {
        var batch = batch("a", "b=2");
        learn(batch);
        var marked = Objects.requireNonNull(clean(batch));

        var before = clean(marked, NOW + DELETE_RETENTION - 1, Set.of(), KNOWN_END);
        var after = clean(marked, NOW + DELETE_RETENTION, Set.of(), KNOWN_END);

        assertThat(Objects.requireNonNull(before).bytes()).isEqualTo(marked.bytes());
        assertThat(offsetsOf(after)).containsExactly(11L);
        assertThat(Objects.requireNonNull(after).records().next().timestamp()).isEqualTo(NOW - 5);
    }

    @Test
    void whatLiesBeyondTheKnownKeysStaysAndGetsNoHorizon() {
        var builder = new RecordBatchBuilder(1 << 16).baseOffset(KNOWN_END);
        builder.append(NOW, bytes("a"), null);
        var batch = RecordBatch.at(builder.build(), 0);

        assertThat(Objects.requireNonNull(clean(batch)).bytes()).isEqualTo(batch.bytes());
    }

    @Test
    void markersOfTransactionsStay() {
        var marker = RecordBatch.at(new EndTransactionMarker(true, 1).toBatch(NOW, 7, (short) 0), 0);

        assertThat(Objects.requireNonNull(clean(marker)).bytes()).isEqualTo(marker.bytes());
    }

    @Test
    void recordsOfTransactionsGoOnlyForLaterOnesOutsideOfAny() {
        offsets.put(bytes("a"), 99);
        var batch =
                batch(new RecordBatchBuilder(1 << 16).producer(7, (short) 0, 0).transactional(), "a=1", "b", "b=2");

        var cleaned = Objects.requireNonNull(clean(batch));

        assertThat(offsetsOf(cleaned)).containsExactly(11L, 12L);
        assertThat(cleaned.isTransactional()).isTrue();
        assertThat(cleaned.hasDeleteHorizon()).isFalse();
    }

    @Test
    void recordsWithoutAKeyGo() {
        var builder = new RecordBatchBuilder(1 << 16).baseOffset(10);
        builder.append(NOW, null, bytes("1"));
        builder.append(NOW, bytes("a"), bytes("2"));

        assertThat(offsetsOf(clean(RecordBatch.at(builder.build(), 0)))).containsExactly(11L);
    }

    @Test
    void headersStay() {
        var builder = new RecordBatchBuilder(1 << 16).baseOffset(10);
        var header = new io.thalweg.protocol.record.RecordHeader("trace", bytes("1"));
        builder.append(NOW, bytes("a"), bytes("1"), List.of(header));
        builder.append(NOW, bytes("b"), bytes("2"), List.of(header));
        offsets.put(bytes("a"), 99);

        RecordView left = Objects.requireNonNull(clean(RecordBatch.at(builder.build(), 0)))
                .records()
                .next();

        assertThat(left.headers()).containsExactly(header);
    }
}
