package io.thalweg.protocol.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/** Random batches as kafka-clients writes and reads them. */
final class KafkaBatch {

    private static final int MAX_RECORDS = 40;

    private KafkaBatch() {}

    static org.apache.kafka.common.compress.Compression compression(Compression compression) {
        return switch (compression) {
            case NONE -> org.apache.kafka.common.compress.Compression.NONE;
            case GZIP -> org.apache.kafka.common.compress.Compression.gzip().build();
            case SNAPPY -> org.apache.kafka.common.compress.Compression.snappy().build();
            case LZ4 -> org.apache.kafka.common.compress.Compression.lz4().build();
            case ZSTD -> org.apache.kafka.common.compress.Compression.zstd().build();
        };
    }

    private static RecordView content(RandomGenerator random) {
        List<RecordHeader> headers = new ArrayList<>();
        int count = random.nextInt(10) == 0 ? random.nextInt(100) : random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String key =
                    random.nextInt(4) == 0 ? "" : "kéy-" + random.nextInt(1 << random.nextInt(1, 30)) + "-\uD83D\uDE00";
            headers.add(new RecordHeader(key, bytes(random)));
        }
        long timestamp = 1_700_000_000_000L + random.nextLong(-5_000, 5_000);
        return new RecordView(0, timestamp, bytes(random), bytes(random), headers);
    }

    private static @Nullable ByteBuffer bytes(RandomGenerator random) {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return null;
        }
        byte[] bytes = new byte[kind == 1 ? 0 : random.nextInt(1 << random.nextInt(1, kind == 2 ? 16 : 8))];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        } else {
            Arrays.fill(bytes, (byte) random.nextInt());
        }
        return ByteBuffer.wrap(bytes);
    }

    /** The header fields of a random batch. */
    record Frame(
            Compression compression,
            TimestampType timestampType,
            long baseOffset,
            long producerId,
            int baseSequence,
            boolean isTransactional,
            int leaderEpoch) {

        static Frame random(RandomGenerator random) {
            Compression compression = Compression.fromId(random.nextInt(Compression.values().length));
            TimestampType type = random.nextBoolean() ? TimestampType.CREATE_TIME : TimestampType.LOG_APPEND_TIME;
            boolean isIdempotent = random.nextBoolean();
            int sequence =
                    random.nextBoolean() ? random.nextInt(1000) : Integer.MAX_VALUE - random.nextInt(MAX_RECORDS);
            return new Frame(
                    compression,
                    type,
                    random.nextLong(1L << random.nextInt(1, 60)),
                    isIdempotent ? random.nextLong(Long.MAX_VALUE) : -1,
                    isIdempotent ? sequence : -1,
                    isIdempotent && random.nextBoolean(),
                    random.nextInt(-1, 1000));
        }

        Frame with(Compression other) {
            return new Frame(other, timestampType, baseOffset, producerId, baseSequence, isTransactional, leaderEpoch);
        }

        short producerEpoch() {
            return (short) (producerId < 0 ? -1 : producerId % 32_768);
        }

        long appendTime() {
            return timestampType == TimestampType.LOG_APPEND_TIME ? 1_800_000_000_000L : RecordBatch.NO_TIMESTAMP;
        }

        MemoryRecordsBuilder kafkaBuilder() {
            return MemoryRecords.builder(
                    ByteBuffer.allocate(128),
                    RecordBatch.MAGIC,
                    KafkaBatch.compression(compression),
                    org.apache.kafka.common.record.TimestampType.forName(
                            timestampType == TimestampType.CREATE_TIME ? "CreateTime" : "LogAppendTime"),
                    baseOffset,
                    appendTime(),
                    producerId,
                    producerEpoch(),
                    baseSequence,
                    isTransactional,
                    leaderEpoch);
        }
    }

    /** Timestamp, key, value and headers of the records of a random batch. */
    static List<RecordView> contents(RandomGenerator random) {
        int count = random.nextInt(1, MAX_RECORDS);
        return Stream.generate(() -> content(random)).limit(count).toList();
    }

    static ByteBuffer write(Frame frame, List<RecordView> contents) {
        MemoryRecordsBuilder builder = frame.kafkaBuilder();
        contents.forEach(each -> builder.append(each.timestamp(), each.key(), each.value(), headers(each)));
        return builder.build().buffer();
    }

    static Header[] headers(RecordView record) {
        return record.headers().stream()
                .map(each -> new org.apache.kafka.common.header.internals.RecordHeader(
                        each.key(), nullableArray(each.value())))
                .toArray(Header[]::new);
    }

    private static byte @Nullable [] nullableArray(@Nullable ByteBuffer buffer) {
        return buffer == null ? null : array(buffer);
    }

    static byte[] array(ByteBuffer buffer) {
        byte[] array = new byte[buffer.remaining()];
        buffer.get(buffer.position(), array);
        return array;
    }

    static ByteBuffer random(RandomGenerator random) {
        return write(Frame.random(random), contents(random));
    }

    /** What Kafka reads from a buffer of batches, in our types. */
    static List<RecordView> read(ByteBuffer buffer) {
        return StreamSupport.stream(
                        MemoryRecords.readableRecords(buffer).records().spliterator(), false)
                .map(KafkaBatch::toView)
                .toList();
    }

    private static RecordView toView(Record record) {
        List<RecordHeader> headers = new ArrayList<>();
        for (Header header : new RecordHeaders(record.headers())) {
            byte[] value = header.value();
            headers.add(new RecordHeader(header.key(), value == null ? null : ByteBuffer.wrap(value)));
        }
        return new RecordView(record.offset(), record.timestamp(), record.key(), record.value(), headers);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
