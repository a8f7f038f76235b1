package io.thalweg.broker.request;

import io.thalweg.broker.config.TopicSettings;
import io.thalweg.broker.partition.AppendResult;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Records;
import io.thalweg.protocol.record.CheckedRecords;
import io.thalweg.protocol.record.Compression;
import io.thalweg.protocol.record.CorruptRecordException;
import io.thalweg.protocol.record.DecompressionLimitException;
import io.thalweg.protocol.record.MissingCodecException;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordChecker;
import io.thalweg.protocol.record.RecordView;
import io.thalweg.protocol.record.TimestampType;
import io.thalweg.protocol.record.UnsupportedMagicException;
import io.thalweg.spi.runtime.Clock;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a batch must be like before a shard sees it: whole, unharmed, within the topic's limits. Owned by one event loop: it
 * decompresses into one buffer.
 */
final class BatchCheck {

    /** The first version of Produce whose clients may send zstd (KIP-110). */
    private static final short ZSTD_VERSION = 7;

    private final RecordChecker checker;
    private final Clock clock;

    BatchCheck(RecordChecker checker, Clock clock) {
        this.checker = checker;
        this.clock = clock;
    }

    /** A batch that may be appended, or the reason why not; one of the two is null. */
    record Outcome(
            @Nullable RecordBatch batch,
            @Nullable ByteBuffer bytes,
            @Nullable AppendResult refusal) {

        static Outcome accepted(RecordBatch batch, ByteBuffer bytes) {
            return new Outcome(batch, bytes, null);
        }

        static Outcome refused(ErrorCode error, @Nullable String message) {
            return refused(AppendResult.refused(error, message));
        }

        static Outcome refused(AppendResult refusal) {
            return new Outcome(null, null, refusal);
        }
    }

    /** A batch as it came, if so much of it can be read; nothing of it is known to be so. */
    static Optional<RecordBatch> unchecked(@Nullable Records records) {
        if (!(records instanceof BufferRecords inBuffer)) {
            return Optional.empty();
        }
        try {
            return Optional.of(RecordBatch.at(inBuffer.bytes(), inBuffer.bytes().position()));
        } catch (CorruptRecordException | UnsupportedMagicException e) {
            return Optional.empty();
        }
    }

    Outcome check(@Nullable Records records, TopicSettings settings, short produceVersion) {
        if (!(records instanceof BufferRecords inBuffer) || records.sizeInBytes() == 0) {
            return Outcome.refused(
                    ErrorCode.INVALID_RECORD, "a produce request carries one record batch per partition, not none");
        }
        var bytes = inBuffer.bytes();
        try {
            var batch = RecordBatch.at(bytes, bytes.position());
            return check(batch, bytes, settings, produceVersion);
        } catch (UnsupportedMagicException e) {
            return Outcome.refused(ErrorCode.INVALID_RECORD, e.getMessage());
        } catch (MissingCodecException e) {
            return Outcome.refused(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, e.getMessage());
        } catch (CorruptRecordException e) {
            return Outcome.refused(ErrorCode.CORRUPT_MESSAGE, e.getMessage());
        }
    }

    private Outcome check(RecordBatch batch, ByteBuffer bytes, TopicSettings settings, short produceVersion) {
        if (batch.sizeInBytes() > settings.maxMessageBytes()) {
            return Outcome.refused(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "batch of " + batch.sizeInBytes() + " bytes: max.message.bytes is " + settings.maxMessageBytes());
        }
        if (batch.sizeInBytes() != bytes.remaining()) {
            return bytes.remaining() < batch.sizeInBytes()
                    ? Outcome.refused(ErrorCode.CORRUPT_MESSAGE, "batch is cut after " + bytes.remaining() + " bytes")
                    : Outcome.refused(
                            ErrorCode.INVALID_RECORD,
                            "a produce request carries one record batch per partition, not several");
        }
        if (batch.sizeInBytes() > settings.toLogConfig().segmentBytes()) {
            return Outcome.refused(
                    ErrorCode.RECORD_LIST_TOO_LARGE,
                    "batch of " + batch.sizeInBytes() + " bytes: segment.bytes is "
                            + settings.toLogConfig().segmentBytes());
        }
        if (!batch.crcIsValid()) {
            return Outcome.refused(ErrorCode.CORRUPT_MESSAGE, "CRC of the batch does not match its bytes");
        }
        if (batch.isControl()) {
            return Outcome.refused(ErrorCode.INVALID_RECORD, "clients may not write control batches");
        }
        if (batch.isTransactional()) {
            return Outcome.refused(ErrorCode.INVALID_TXN_STATE, "transactions are not supported by this broker");
        }
        if (batch.compression() == Compression.ZSTD && produceVersion < ZSTD_VERSION) {
            return Outcome.refused(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                    "zstd needs version 7 of Produce, this is " + produceVersion);
        }
        return checkRecords(batch, bytes, settings);
    }

    private Outcome checkRecords(RecordBatch batch, ByteBuffer bytes, TopicSettings settings) {
        if (batch.producerId() != RecordBatch.NO_PRODUCER_ID
                && (batch.producerEpoch() < 0 || batch.baseSequence() < 0)) {
            return Outcome.refused(ErrorCode.INVALID_RECORD, "batch names a producer without an epoch and a sequence");
        }
        try {
            return checkRecords(batch, bytes, settings, checker.check(batch));
        } catch (DecompressionLimitException e) {
            // Clients answer this one with smaller batches.
            return Outcome.refused(ErrorCode.MESSAGE_TOO_LARGE, e.getMessage());
        } catch (CorruptRecordException e) {
            // Not CORRUPT_MESSAGE, which has clients send the same again: the CRC says that this is what was sent.
            return Outcome.refused(ErrorCode.INVALID_RECORD, e.getMessage());
        }
    }

    private Outcome checkRecords(RecordBatch batch, ByteBuffer bytes, TopicSettings settings, CheckedRecords records) {
        if (settings.isCompacted() && !records.allHaveKeys()) {
            return Outcome.refused(RecordFaults.refuse(batch, ErrorCode.INVALID_RECORD, BatchCheck::lackOfKey));
        }
        if (settings.timestampType() == TimestampType.LOG_APPEND_TIME) {
            batch.assignTimestamps(TimestampType.LOG_APPEND_TIME, clock.millis());
            return Outcome.accepted(batch, bytes);
        }
        if (batch.maxTimestamp() != records.maxTimestamp() || batch.timestampType() != TimestampType.CREATE_TIME) {
            // Some clients leave the header's max timestamp wrong; the log finds batches by it. First of all, because
            // the records of a batch that claims to be stamped would all show that one.
            batch.assignTimestamps(TimestampType.CREATE_TIME, records.maxTimestamp());
        }
        var now = clock.millis();
        if (!settings.timestamps().accepts(records.minTimestamp(), now)
                || !settings.timestamps().accepts(records.maxTimestamp(), now)) {
            return Outcome.refused(RecordFaults.refuse(
                    batch,
                    ErrorCode.INVALID_TIMESTAMP,
                    record -> settings.timestamps().objection(record.timestamp(), now)));
        }
        return Outcome.accepted(batch, bytes);
    }

    private static Optional<String> lackOfKey(RecordView record) {
        return record.key() == null ? Optional.of("it has no key, and the topic is compacted") : Optional.empty();
    }
}
