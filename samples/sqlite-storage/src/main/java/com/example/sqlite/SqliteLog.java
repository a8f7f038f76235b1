package com.example.sqlite;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.zip.CRC32C;

/**
 * An open log. Any thread: its bounds change at once, and its batches in the database follow in the order of the calls. What takes the
 * database is called by its thread.
 */
final class SqliteLog implements PartitionLog {

    private final LogId id;
    private final long number;
    private final SqliteEngine engine;
    private final Database database;
    private volatile Durability durability;
    private volatile boolean closed;

    // Guarded by this.
    private long start;
    private long end;
    private long durableEnd;
    private long maxTimestamp;
    private int cuts;

    /** For the thread of the database. */
    private long storedEnd;

    SqliteLog(LogId id, long number, LogConfig config, SqliteEngine engine, Database database) throws SQLException {
        this.id = id;
        this.number = number;
        this.engine = engine;
        this.database = database;
        this.durability = config.durability();
        var sql = "SELECT first, next, count - (SELECT count(*) FROM batches b WHERE b.log = l.log) FROM logs l WHERE log = ?";
        try (var row = database.rows(sql, number)) {
            this.start = row.getLong(1);
            this.end = row.getLong(2);
            if (row.getLong(3) != 0) {
                throw new StorageException.Corrupt(id + " lacks " + row.getLong(3) + " of its batches", null);
            }
        }
        this.durableEnd = end;
        this.storedEnd = end;
        this.maxTimestamp = newest();
    }

    private long newest() throws SQLException {
        return database.number(-1, "SELECT max(time) FROM batches WHERE log = ?", number);
    }

    void configure(LogConfig config) {
        durability = config.durability();
    }

    @Override
    public synchronized LogOffsets offsets() {
        return new LogOffsets(start, start, end, durability == Durability.OS ? end : durableEnd, maxTimestamp);
    }

    @Override
    public synchronized void append(List<Batch> batches) {
        checkOpen();
        database.checkSound();
        if (cuts > 0) {
            throw new StorageException.Busy("append to " + id + " refused: a truncation is on");
        }
        var next = end;
        for (var batch : batches) {
            if (batch.baseOffset() < next) {
                throw new IllegalArgumentException(id + " ends at " + next + ", no place for " + batch.baseOffset());
            }
            next = batch.lastOffset() + 1;
        }
        for (var batch : batches) {
            var bytes = SqliteEngine.bytesOf(batch.bytes());
            database.ask("append to " + id, () -> insert(batch, bytes));
            maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
        }
        end = next;
        engine.filled(id);
    }

    private int insert(Batch batch, byte[] bytes) throws SQLException {
        Object[] row = {number, batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp(), crc(bytes), bytes};
        database.update("INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?)", row);
        return store(offsets().start(), batch.lastOffset() + 1, 1);
    }

    private static int crc(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Notes the bounds of what is stored, and how many batches more or less that is. */
    private int store(long first, long next, int added) throws SQLException {
        storedEnd = next;
        var sql = "UPDATE logs SET first = ?, next = ?, count = count + ? WHERE log = ?";
        return database.update(sql, first, next, added, number);
    }

    /** What is to be done when that is durable which is stored now. */
    Runnable stored() {
        var stored = storedEnd;
        return () -> {
            synchronized (this) {
                durableEnd = Math.max(durableEnd, Math.min(stored, end));
            }
        };
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        checkOpen();
        var seen = offsets();
        if (from < seen.start() || from > seen.end()) {
            var message = "offset " + from + " of " + id + ": it holds " + seen.start() + " up to " + seen.end();
            return CompletableFuture.failedStage(new StorageException.OutOfRange(message));
        }
        return database.ask("read of " + id, () -> LogSlice.of(batches(from, upTo, maxBytes), () -> {}));
    }

    /** The first batches from an offset on, up to one that is damaged, of which only a read that begins there is told. */
    private List<ByteBuffer> batches(long from, long upTo, int maxBytes) throws SQLException {
        var found = new ArrayList<ByteBuffer>();
        var sql = "SELECT base, crc, bytes FROM batches WHERE log = ? AND last >= ? AND last < ? ORDER BY last";
        try (var rows = database.rows(sql, number, from, upTo)) {
            for (var size = 0L; rows.next(); ) {
                var bytes = rows.getBytes(3);
                size += bytes.length;
                var isSound = crc(bytes) == rows.getInt(2);
                if (found.isEmpty() && !isSound) {
                    throw new StorageException.Corrupt(id + " is not what was appended at " + rows.getLong(1), null);
                }
                if (!found.isEmpty() && (!isSound || size > maxBytes)) {
                    break;
                }
                found.add(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
            }
        }
        return found;
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        checkOpen();
        return database.ask("search in " + id, () -> {
            var base = firstBase("time >= ?", timestamp);
            return base < 0 ? OptionalLong.empty() : OptionalLong.of(Math.max(offsets().start(), base));
        });
    }

    /** The base offset of the first batch for which something holds; -1 if there is none. */
    private long firstBase(String condition, long value) throws SQLException {
        var sql = "SELECT base FROM batches WHERE log = ? AND " + condition + " ORDER BY last LIMIT 1";
        return database.number(-1, sql, number, value);
    }

    @Override
    public synchronized CompletionStage<Void> truncateTo(long endOffset) {
        checkOpen();
        cuts++;
        return database.change("truncation of " + id, () -> truncate(endOffset)).whenComplete((done, failed) -> {
            synchronized (this) {
                cuts--;
            }
        });
    }

    private void truncate(long endOffset) throws SQLException {
        var seen = offsets();
        if (endOffset >= seen.end()) {
            return;
        }
        var base = firstBase("last >= ?", endOffset);
        var isAll = endOffset < seen.start();
        var next = isAll || base < 0 ? endOffset : Math.min(endOffset, Math.max(seen.start(), base));
        synchronized (this) {
            start = Math.min(start, next);
            end = next;
            durableEnd = Math.min(durableEnd, next);
        }
        delete("last >= ?", isAll ? 0 : endOffset, next);
    }

    private void delete(String condition, long offset, long next) throws SQLException {
        var deleted = database.update("DELETE FROM batches WHERE log = ? AND " + condition, number, offset);
        var newest = newest();
        synchronized (this) {
            maxTimestamp = newest;
        }
        store(offsets().start(), next, -deleted);
    }

    /** The start moves at once, unless a truncation comes first. */
    @Override
    public synchronized CompletionStage<Void> advanceStart(long startOffset) {
        checkOpen();
        if (cuts == 0) {
            moveStart(startOffset);
        }
        engine.filled(id);
        return database.change("start of " + id, () -> {
            moveStart(startOffset);
            delete("last < ?", offsets().start(), Math.max(storedEnd, startOffset));
        });
    }

    private synchronized void moveStart(long startOffset) {
        start = Math.max(start, startOffset);
        end = Math.max(end, start);
        durableEnd = Math.max(durableEnd, start);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            engine.closing(id);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("log " + id + " is closed");
        }
    }
}
