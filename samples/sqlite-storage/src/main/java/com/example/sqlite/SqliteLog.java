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

/**
 * An open log: its bounds, and the batches that no commit has put into the database yet. Any thread; nobody waits for
 * the disk under the lock. What takes the database is called by the engine's thread, within a transaction.
 */
final class SqliteLog implements PartitionLog {

    private final LogId id;
    private final SqliteEngine engine;
    private final Database database;
    private final long number;
    private volatile Durability durability;
    private volatile boolean closed;

    // Guarded by this: what is not in the database, which ends at storedEnd, and what a commit is about to put there.
    private final List<StoredBatch> tail = new ArrayList<>();
    private List<StoredBatch> storing = List.of();
    private long storingEnd;
    private long start;
    private long end;
    private long storedEnd;
    private long maxTimestamp;
    private int cuts;
    private StorageException failure;

    SqliteLog(LogId id, LogConfig config, Database database, SqliteEngine engine) throws SQLException {
        this.id = id;
        this.engine = engine;
        this.database = database;
        this.durability = config.durability();
        this.number = database.numberOf(id);
        this.start = database.number(0, "SELECT first FROM logs WHERE log = ?", number);
        this.end = database.number(0, "SELECT next FROM logs WHERE log = ?", number);
        this.storedEnd = end;
        this.maxTimestamp = newestStored();
    }

    private long newestStored() throws SQLException {
        return database.number(-1, "SELECT max(time) FROM batches WHERE log = ?", number);
    }

    LogId id() {
        return id;
    }

    void configure(LogConfig config) {
        durability = config.durability();
    }

    @Override
    public synchronized LogOffsets offsets() {
        return new LogOffsets(start, start, end, durability == Durability.OS ? end : storedEnd, maxTimestamp);
    }

    @Override
    public synchronized void append(List<Batch> batches) {
        checkOpen();
        checkSound();
        if (cuts > 0) {
            throw new StorageException.Busy("append to " + id + " refused: a truncation is on");
        }
        var next = end;
        for (var batch : batches) {
            if (batch.baseOffset() < next) {
                throw new IllegalArgumentException("append to " + id + " at offset " + batch.baseOffset()
                        + " refused: the log ends at " + next + " there");
            }
            next = batch.lastOffset() + 1;
        }
        for (var batch : batches) {
            tail.add(StoredBatch.copyOf(batch));
            maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
        }
        end = next;
        engine.created(id);
    }

    /** Puts the tail into the database; {@link #stored} follows once that is durable. */
    void store() throws SQLException {
        long first;
        synchronized (this) {
            storing = List.copyOf(tail);
            storingEnd = end;
            first = start;
        }
        for (var batch : storing) {
            batch.insert(database, number);
        }
        bound(first, storingEnd);
    }

    private void bound(long first, long next) throws SQLException {
        database.update("UPDATE logs SET first = ?, next = ? WHERE log = ?", first, next, number);
    }

    synchronized void stored() {
        tail.removeAll(storing);
        storedEnd = Math.max(storedEnd, storingEnd);
    }

    /** What is read comes from the database or from the tail, whichever holds the first batch. */
    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        checkOpen();
        long limit;
        List<StoredBatch> recent;
        synchronized (this) {
            if (from < start || from > end) {
                return CompletableFuture.failedStage(new StorageException.OutOfRange(
                        "read of " + id + " at offset " + from + " refused: it holds " + start + " up to " + end));
            }
            limit = Math.min(upTo, storedEnd);
            recent = List.copyOf(tail);
        }
        if (from >= limit) {
            return CompletableFuture.completedStage(slice(recent, from, upTo, maxBytes));
        }
        return engine.ask("read of " + id, () -> {
            var stored = slice(stored(from, maxBytes), from, limit, maxBytes);
            return stored.sizeInBytes() > 0 ? stored : slice(recent, from, upTo, maxBytes);
        });
    }

    private List<StoredBatch> stored(long from, int maxBytes) throws SQLException {
        var stored = new ArrayList<StoredBatch>();
        var sql = "SELECT base, last, time, crc, bytes FROM batches WHERE log = ? AND last >= ? ORDER BY last";
        try (var rows = database.rows(sql, number, from)) {
            for (var size = 0L; size <= maxBytes && rows.next(); ) {
                var batch = StoredBatch.of(rows, id);
                stored.add(batch);
                size += batch.bytes().length;
            }
        }
        return stored;
    }

    /** Whole batches from the one that holds {@code from} on, all below {@code upTo}; one at least if there is any. */
    private static LogSlice slice(List<StoredBatch> batches, long from, long upTo, int maxBytes) {
        var buffers = new ArrayList<ByteBuffer>();
        var size = 0L;
        for (var batch : batches) {
            if (batch.last() >= from) {
                size += batch.bytes().length;
                if (batch.last() >= upTo || (size > maxBytes && !buffers.isEmpty())) {
                    break;
                }
                buffers.add(ByteBuffer.wrap(batch.bytes()).asReadOnlyBuffer());
            }
        }
        return LogSlice.of(buffers, () -> {});
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        checkOpen();
        return engine.ask("search in " + id, () -> {
            var sql = "SELECT base FROM batches WHERE log = ? AND time >= ? ORDER BY last LIMIT 1";
            return found(timestamp, database.number(Long.MAX_VALUE, sql, number, timestamp));
        });
    }

    private synchronized OptionalLong found(long timestamp, long stored) {
        var recent =
                tail.stream().filter(batch -> batch.timestamp() >= timestamp).mapToLong(StoredBatch::base);
        var base = Math.min(stored, recent.findFirst().orElse(Long.MAX_VALUE));
        return base == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(Math.max(start, base));
    }

    @Override
    public synchronized CompletionStage<Void> truncateTo(long endOffset) {
        checkOpen();
        cuts++;
        return engine.ask("truncation of " + id, () -> truncate(endOffset)).whenComplete((done, failed) -> endCut());
    }

    private synchronized void endCut() {
        cuts--;
    }

    private synchronized Void truncate(long endOffset) throws SQLException {
        if (endOffset < end) {
            var isBelow = endOffset < start;
            var sql = "SELECT base FROM batches WHERE log = ? AND last >= ? ORDER BY last LIMIT 1";
            var stored = database.number(Long.MAX_VALUE, sql, number, endOffset);
            var recent =
                    tail.stream().filter(batch -> batch.last() >= endOffset).mapToLong(StoredBatch::base);
            var base = Math.min(stored, recent.findFirst().orElse(Long.MAX_VALUE));
            end = isBelow ? endOffset : Math.min(endOffset, Math.max(start, base));
            start = Math.min(start, end);
            storedEnd = Math.min(storedEnd, end);
            tail.removeIf(batch -> isBelow || batch.last() >= endOffset);
            database.update("DELETE FROM batches WHERE log = ? AND last >= ?", number, isBelow ? 0 : endOffset);
            bound(start, storedEnd);
            newest(newestStored());
        }
        return null;
    }

    private synchronized void newest(long stored) {
        maxTimestamp = tail.stream().mapToLong(StoredBatch::timestamp).reduce(stored, Math::max);
    }

    /** The start moves at once, unless a truncation comes first. */
    @Override
    public synchronized CompletionStage<Void> advanceStart(long startOffset) {
        checkOpen();
        if (cuts == 0) {
            moveStart(startOffset);
        }
        engine.created(id);
        return engine.ask("start of " + id, () -> storeStart(startOffset));
    }

    /** Gives where what is stored ends then. */
    private synchronized long moveStart(long startOffset) {
        start = Math.max(start, startOffset);
        end = Math.max(end, start);
        storedEnd = Math.max(storedEnd, start);
        tail.removeIf(batch -> batch.last() < start);
        return storedEnd;
    }

    private Void storeStart(long startOffset) throws SQLException {
        var next = moveStart(startOffset);
        var first = offsets().start();
        database.update("DELETE FROM batches WHERE log = ? AND last < ?", number, first);
        bound(first, Math.max(first, next));
        newest(newestStored());
        return null;
    }

    synchronized void fail(StorageException cause) {
        failure = cause;
    }

    synchronized void checkSound() {
        if (failure != null) {
            throw new StorageException.Offline("log " + id + " is out of use: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            engine.closing(this);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("log " + id + " is closed");
        }
    }
}
