package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.batchAt;
import static io.thalweg.broker.request.Requests.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.config.BrokerLayers;
import io.thalweg.broker.config.TopicSettings;
import io.thalweg.broker.partition.AppendResult;
import io.thalweg.broker.partition.RecordFault;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Records;
import io.thalweg.protocol.record.Compression;
import io.thalweg.protocol.record.DecompressionLimit;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.protocol.record.RecordChecker;
import io.thalweg.protocol.record.TimestampType;
import io.thalweg.spi.config.ConfigValues;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchCheckTest {

    private static final int MAGIC_AT = 16;
    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int MAX_TIMESTAMP_AT = 35;
    private static final int PRODUCER_EPOCH_AT = 51;
    private static final int BASE_SEQUENCE_AT = 53;
    private static final int COUNT_AT = 57;
    private static final int FIRST_RECORD_AT = 61;

    private final TestClock clock = new TestClock();
    private final BatchCheck check = new BatchCheck(new RecordChecker(DecompressionLimit.DEFAULT), clock);

    @Test
    void aSoundBatchIsAccepted() {
        assertThat(check(batch("a", "b"))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void nothingIsNoBatch() {
        assertThat(errorOf(null)).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(errorOf(BufferRecords.EMPTY)).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void severalBatchesAreRefused() {
        var one = batch("a");
        var two = ByteBuffer.allocate(2 * one.remaining())
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();

        assertThat(check(two)).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void aBatchCutAnywhereIsRefused() {
        var whole = batch("a", "b");
        for (var length = 1; length < whole.limit(); length++) {
            assertThat(check(whole.duplicate().limit(length)))
                    .as("cut after " + length)
                    .isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        }
    }

    @Test
    void anyChangedByteBehindTheCrcIsNoticed() {
        var whole = batch("a", "b");
        for (var at = CRC_AT; at < whole.limit(); at++) {
            var changed = copy(whole);
            changed.put(at, (byte) (changed.get(at) ^ 0x10));

            assertThat(check(changed)).as("byte " + at).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1})
    void messageSetsOfOldFormatsAreRefused(byte magic) {
        var old = batch("a");
        old.put(MAGIC_AT, magic);

        assertThat(check(old)).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void aBatchLargerThanTheTopicTakesIsRefused() {
        var batch = batch("x".repeat(200));

        assertThat(check(batch, Map.of("max.message.bytes", String.valueOf(batch.remaining() - 1))))
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        assertThat(check(batch, Map.of("max.message.bytes", String.valueOf(batch.remaining()))))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void controlBatchesAreTheBrokers() {
        assertThat(check(withAttributes(batch("a"), 0x20))).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void transactionsAreRefused() {
        var batch = Requests.fill(
                new RecordBatchBuilder(1 << 16).producer(7, (short) 0, 0).transactional(), 1, "a");

        assertThat(check(batch)).isEqualTo(ErrorCode.INVALID_TXN_STATE);
    }

    @Test
    void aProducerHasAnEpochAndASequence() {
        var batch = Requests.sequenced(7, 0, 0, "a");

        assertThat(check(resealed(copy(batch).putShort(PRODUCER_EPOCH_AT, (short) -1))))
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(check(resealed(copy(batch).putInt(BASE_SEQUENCE_AT, -1)))).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void theHeaderCountsTheRecords() {
        assertThat(check(resealed(copy(batch("a", "b")).putInt(COUNT_AT, 3)))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(check(resealed(copy(batch("a", "b")).putInt(LAST_OFFSET_DELTA_AT, 5))))
                .isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(check(resealed(copy(batch("a", "b")).putInt(COUNT_AT, Integer.MAX_VALUE))))
                .isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void aFaultInsideARecordIsNotAFaultOfTheWay() {
        var batch = batch("a", "b");
        for (var at = FIRST_RECORD_AT; at < batch.limit(); at++) {
            var changed = copy(batch);
            changed.put(at, (byte) ~changed.get(at));

            assertThat(check(resealed(changed))).as("byte " + at).isNotEqualTo(ErrorCode.CORRUPT_MESSAGE);
        }
        assertThat(check(resealed(copy(batch).put(FIRST_RECORD_AT, (byte) 1)))).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void whatCannotBeDecompressedIsNotAFaultOfTheWay(Compression compression) {
        var batch = Requests.fill(new RecordBatchBuilder(1 << 16).compression(compression), 1, "a");
        var changed = copy(batch).put(FIRST_RECORD_AT, (byte) ~batch.get(FIRST_RECORD_AT));

        assertThat(check(resealed(changed))).isEqualTo(ErrorCode.INVALID_RECORD);
    }

    @Test
    void zstdNeedsVersion7() {
        var batch = Requests.fill(new RecordBatchBuilder(1 << 16).compression(Compression.ZSTD), 1, "a");

        assertThat(errorOf(new BufferRecords(batch), settings(Map.of()), 6))
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(errorOf(new BufferRecords(batch), settings(Map.of()), 7)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void anUnknownCompressionIsRefused() {
        assertThat(check(withAttributes(batch("a"), 7))).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aBombIsRefusedBeforeItGoesOff(Compression compression) {
        var limited = new BatchCheck(new RecordChecker(new DecompressionLimit(1 << 20, 1_000)), clock);
        var builder = new RecordBatchBuilder(8 << 20).compression(compression);
        for (var i = 0; i < 4; i++) {
            builder.append(1, null, ByteBuffer.allocate(1 << 20));
        }

        var outcome = limited.check(new BufferRecords(builder.build()), TopicSettings.DEFAULT, (short) 9);

        assertThat(codeOf(outcome)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void aCompactedTopicTakesNoRecordWithoutAKey() {
        var builder = new RecordBatchBuilder(1 << 16);
        builder.append(1, bytes("key"), bytes("a"));
        builder.append(1, null, bytes("b"));
        var batch = builder.build();

        assertThat(check(batch, Map.of("cleanup.policy", "compact"))).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(check(batch, Map.of("cleanup.policy", "delete"))).isEqualTo(ErrorCode.NONE);
        assertThat(check(batch("all have keys"), Map.of("cleanup.policy", "compact")))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void timestampsTooFarOffAreRefused() {
        var limits = Map.of("message.timestamp.before.max.ms", "1000", "message.timestamp.after.max.ms", "500");
        var now = TestClock.START_MILLIS;

        assertThat(check(batchAt(now - 1_000, "a"), limits)).isEqualTo(ErrorCode.NONE);
        assertThat(check(batchAt(now - 1_001, "a"), limits)).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(check(batchAt(now + 500, "a"), limits)).isEqualTo(ErrorCode.NONE);
        assertThat(check(batchAt(now + 500, "a", "b"), limits)).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(check(batchAt(Long.MAX_VALUE - 1, "a"), limits)).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(check(batchAt(-1, "none at all"), limits)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void eachRecordOutOfTimeIsNamedWithTheLimitItBreaks() {
        var now = TestClock.START_MILLIS;
        var builder = new RecordBatchBuilder(1 << 16);
        for (var timestamp : new long[] {now - 1_001, now, now + 501, now + 502}) {
            builder.append(timestamp, null, bytes("a"));
        }

        var refusal = refusalOf(
                builder.build(),
                Map.of("message.timestamp.before.max.ms", "1000", "message.timestamp.after.max.ms", "500"));

        assertThat(refusal.error()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refusal.message())
                .startsWith("record 0: timestamp " + (now - 1_001))
                .endsWith("message.timestamp.before.max.ms is 1000; and so are 2 more");
        assertThat(refusal.faults()).extracting(RecordFault::index).containsExactly(0, 2, 3);
        assertThat(refusal.faults().get(2).message())
                .startsWith("timestamp " + (now + 502))
                .endsWith("message.timestamp.after.max.ms is 500");
    }

    @Test
    void eachRecordWithoutAKeyIsNamed() {
        var builder = new RecordBatchBuilder(1 << 16);
        builder.append(1, bytes("key"), bytes("a"));
        builder.append(1, null, bytes("b"));

        var refusal = refusalOf(builder.build(), Map.of("cleanup.policy", "compact"));

        assertThat(refusal.message()).isEqualTo("record 1: it has no key, and the topic is compacted");
        assertThat(refusal.faults()).extracting(RecordFault::index).containsExactly(1);
    }

    @Test
    void aLyingMaxTimestampIsPutRight() {
        var lying = resealed(copy(batchAt(1_000, "a", "b")).putLong(MAX_TIMESTAMP_AT, 7));

        assertThat(check(lying)).isEqualTo(ErrorCode.NONE);
        var batch = RecordBatch.at(lying, 0);
        assertThat(batch.maxTimestamp()).isEqualTo(1_001);
        assertThat(batch.crcIsValid()).isTrue();
    }

    @Test
    void aProducersClaimToHaveStampedIsTakenBack() {
        var stamped = Requests.fill(new RecordBatchBuilder(1 << 16).appendTime(9), 1, "a");

        assertThat(check(stamped)).isEqualTo(ErrorCode.NONE);
        assertThat(RecordBatch.at(stamped, 0).timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(RecordBatch.at(stamped, 0).maxTimestamp()).isEqualTo(1);
    }

    @Test
    void aClaimToHaveStampedHidesNoTimestampThatIsTooFarOff() {
        var now = TestClock.START_MILLIS;
        var stamped = new RecordBatchBuilder(1 << 16).appendTime(now);
        stamped.append(now + 501, null, bytes("a"));

        var refusal = refusalOf(stamped.build(), Map.of("message.timestamp.after.max.ms", "500"));

        assertThat(refusal.error()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
        assertThat(refusal.faults()).extracting(RecordFault::index).containsExactly(0);
    }

    @Test
    void appendTimeIsTheBrokers() {
        var batch = batchAt(5, "a");

        assertThat(check(batch, Map.of("message.timestamp.type", "LogAppendTime")))
                .isEqualTo(ErrorCode.NONE);
        var stamped = RecordBatch.at(batch, 0);
        assertThat(stamped.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(stamped.maxTimestamp()).isEqualTo(TestClock.START_MILLIS);
        assertThat(stamped.crcIsValid()).isTrue();
    }

    private ErrorCode check(ByteBuffer batch) {
        return check(batch, Map.of());
    }

    private ErrorCode check(ByteBuffer batch, Map<String, String> configs) {
        return errorOf(new BufferRecords(batch), settings(configs), 9);
    }

    private ErrorCode errorOf(@Nullable Records records) {
        return errorOf(records, TopicSettings.DEFAULT, 9);
    }

    private ErrorCode errorOf(@Nullable Records records, TopicSettings settings, int version) {
        return codeOf(check.check(records, settings, (short) version));
    }

    private AppendResult refusalOf(ByteBuffer batch, Map<String, String> configs) {
        return Objects.requireNonNull(check.check(new BufferRecords(batch), settings(configs), (short) 9)
                .refusal());
    }

    private static ErrorCode codeOf(BatchCheck.Outcome outcome) {
        var refusal = outcome.refusal();
        return refusal == null ? ErrorCode.NONE : refusal.error();
    }

    private static TopicSettings settings(Map<String, String> configs) {
        return BrokerLayers.ofStatic(ConfigValues.empty()).topic(ConfigValues.of(configs));
    }

    private static ByteBuffer copy(ByteBuffer batch) {
        return ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
    }

    private static ByteBuffer withAttributes(ByteBuffer batch, int bits) {
        var changed = copy(batch);
        return resealed(changed.putShort(ATTRIBUTES_AT, (short) (changed.getShort(ATTRIBUTES_AT) | bits)));
    }

    /** The same with the CRC that its bytes have now. */
    private static ByteBuffer resealed(ByteBuffer batch) {
        var crc = new CRC32C();
        crc.update(batch.slice(ATTRIBUTES_AT, batch.limit() - ATTRIBUTES_AT));
        return batch.putInt(CRC_AT, (int) crc.getValue());
    }
}
