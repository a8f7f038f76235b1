package com.example.sqlite;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.zip.CRC32C;

/** An open log. Any thread: its end moves with each append, and the database follows in the order of the calls, its close among them. */
final class SqliteLog implements PartitionLog {

    private final LogId id;
    private final long number;
    private final Database database;
    private final Runnable whenClosed;
    private volatile boolean closed;

    /** Changed by one thread at a time. */
    private volatile LogOffsets bounds;

    /** The end of what is in the database, for its thread. */
    private long storedEnd;

    /** For the thread of the database. */
    SqliteLog(LogId id, long number, Database database, Runnable whenClosed) throws SQLException {
        this.id = id;
        this.number = number;
        this.database = database;
        this.whenClosed = whenClosed;
        var sql = "SELECT first, next, count - (SELECT count(*) FROM batches b WHERE b.log = l.log) FROM logs l WHERE log = ?";
        try (var row = database.rows(sql, number)) {
            if (row.getLong(3) != 0) {
                throw new StorageException.Corrupt(id + " lacks " + row.getLong(3) + " of its batches", null);
            }
            this.storedEnd = row.getLong(2);
            this.bounds = new LogOffsets(row.getLong(1), row.getLong(1), storedEnd, storedEnd, newest());
        }
    }

    private long newest() throws SQLException {
        return database.number("SELECT coalesce(max(time), -1) FROM batches WHERE log = ?", number);
    }

    @Override
    public LogOffsets offsets() {
        return bounds;
    }

    @Override
    public synchronized void append(List<Batch> batches) {
        checkOpen();
        database.checkSound();
        bounds = bounds.appended(id, batches);
        batches.stream().map(Batch::copy).forEach(kept -> database.ask("append to " + id, () -> insert(kept)));
    }

    private int insert(Batch batch) throws SQLException {
        var bytes = batch.bytes().array();
        Object[] row = {number, batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp(), crc(bytes), bytes};
        database.update("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?)", row);
        return store(batch.lastOffset() + 1, 1);
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Notes the bounds of what is in the database, and how many batches more or less that is. */
    private int store(long next, int added) throws SQLException {
        storedEnd = next;
        var sql = "UPDATE logs SET first = ?, next = ?, count = count + ? WHERE log = ?";
        return database.update(sql, bounds.start(), next, added, number);
    }

    /** What is in the database is durable; for its thread. */
    synchronized void committed() {
        bounds = bounds.withDurable(storedEnd);
    }

    @Override
    public synchronized CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        checkOpen();
        return database.ask("read of " + id, () -> LogSlice.of(batches(from, upTo, maxBytes), () -> {}));
    }

    private List<ByteBuffer> batches(long from, long upTo, int maxBytes) throws SQLException {
        bounds.checkReadable(id, from);
        var found = new ArrayList<ByteBuffer>();
        var sql = "SELECT base, crc, bytes FROM batches WHERE log = ? AND last >= ? AND last < ? ORDER BY last";
        try (var rows = database.rows(sql, number, from, upTo)) {
            for (var size = 0L; rows.next(); ) {
                var bytes = rows.getBytes(3);
                size += bytes.length;
                if (size > maxBytes && !found.isEmpty()) {
                    break;
                }
                if (crc(bytes) != rows.getInt(2)) {
                    throw new StorageException.Corrupt(id + " is not what was appended at " + rows.getLong(1), null);
                }
                found.add(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
            }
        }
        return found;
    }

    @Override
    public synchronized CompletionStage<OptionalLong> find(long timestamp) {
        checkOpen();
        var sql = "SELECT coalesce(min(base), -1) FROM batches WHERE log = ? AND time >= ?";
        return database.ask("search in " + id, () -> {
            var base = database.number(sql, number, timestamp);
            return base < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(bounds.start(), base));
        });
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        checkOpen();
        return database.change("truncation of " + id, () -> {
            if (endOffset < storedEnd) {
                var sql = "SELECT coalesce(min(base), ?2) FROM batches WHERE log = ?1 AND last >= ?2";
                var held = database.number(sql, number, endOffset);
                var next = Math.min(endOffset, Math.max(bounds.start(), held));
                delete("last >= ?", endOffset, Math.min(bounds.start(), next), next);
            }
        });
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        checkOpen();
        return database.change("start of " + id, () -> {
            if (startOffset > bounds.start()) {
                delete("last < ?", startOffset, startOffset, Math.max(storedEnd, startOffset));
            }
        });
    }

    /** Deletes batches, after which the database has those from an offset up to another. What was appended meanwhile stays. */
    private void delete(String condition, long offset, long first, long next) throws SQLException {
        var deleted = database.update("DELETE FROM batches WHERE log = ? AND " + condition, number, offset);
        var newest = newest();
        synchronized (this) {
            var durable = Math.max(first, Math.min(bounds.durable(), next));
            bounds = bounds.end() > storedEnd
                    ? new LogOffsets(first, first, bounds.end(), durable, bounds.maxTimestamp())
                    : new LogOffsets(first, first, next, durable, newest);
        }
        store(next, -deleted);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            whenClosed.run();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("log " + id + " is closed");
        }
    }
}
