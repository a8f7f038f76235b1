package io.thalweg.client;

import io.thalweg.protocol.record.CorruptRecordException;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.protocol.record.RecordHeader;
import io.thalweg.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a fetched chunk that are shown, copied, up to a batch that cannot be read.
 *
 * @param nextOffset the offset after them, records that are not shown included
 * @param damage why the batch there cannot be read, or null
 */
record ChunkRecords(
        List<InboundRecord> records,
        long nextOffset,
        @Nullable RuntimeException damage) {

    /** A header may promise more records than there are. */
    private static final int MOST_EXPECTED = 10_000;

    /** Reads the chunk, and gives its memory back. */
    static ChunkRecords of(FetchedChunk chunk, boolean checksCrc) {
        try {
            return read(chunk, checksCrc);
        } finally {
            chunk.frame().release();
        }
    }

    private static ChunkRecords read(FetchedChunk chunk, boolean checksCrc) {
        var records = new ArrayList<InboundRecord>(expected(chunk));
        var aborted = new AbortedTransactions(chunk.aborted());
        for (var batch : RecordBatches.in(chunk.batches())) {
            try {
                if (checksCrc) {
                    check(batch, chunk);
                }
                if (!aborted.leavesOut(batch) && !batch.isControl()) {
                    add(batch, chunk, records);
                }
            } catch (RuntimeException e) {
                var readUntil = Math.max(batch.baseOffset(), endOf(records));
                return new ChunkRecords(records, Math.max(chunk.from(), readUntil), e);
            }
        }
        return new ChunkRecords(records, chunk.nextOffset(), null);
    }

    private static int expected(FetchedChunk chunk) {
        var count = 0L;
        for (var batch : RecordBatches.in(chunk.batches())) {
            count += Math.max(0, batch.recordsCount());
        }
        return (int) Math.min(count, MOST_EXPECTED);
    }

    private static long endOf(List<InboundRecord> records) {
        return records.isEmpty() ? 0 : records.get(records.size() - 1).offset() + 1;
    }

    private static void check(RecordBatch batch, FetchedChunk chunk) {
        if (!batch.crcIsValid()) {
            throw new CorruptRecordException("checksum of the batch at offset " + batch.baseOffset() + " of "
                    + chunk.partition() + " does not match its bytes");
        }
    }

    private static void add(RecordBatch batch, FetchedChunk chunk, List<InboundRecord> records) {
        try (var reader = batch.records()) {
            while (reader.hasNext()) {
                reader.advance();
                if (reader.offset() >= chunk.from()) {
                    records.add(copy(reader, chunk));
                }
            }
        }
    }

    private static InboundRecord copy(RecordReader reader, FetchedChunk chunk) {
        return new InboundRecord(
                chunk.partition(),
                reader.offset(),
                reader.timestamp(),
                reader.copyOfKey(),
                reader.copyOfValue(),
                copies(reader.headers()));
    }

    private static List<RecordHeader> copies(List<RecordHeader> lent) {
        return lent.isEmpty()
                ? List.of()
                : lent.stream()
                        .map(each -> new RecordHeader(each.key(), copy(each.value())))
                        .toList();
    }

    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer lent) {
        return lent == null
                ? null
                : ByteBuffer.allocate(lent.remaining()).put(lent.duplicate()).flip();
    }
}
