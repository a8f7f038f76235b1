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
import java.util.function.Predicate;

/**
 * An open log: its bounds, and the batches that no commit has put into the database yet. Any thread; nobody waits for
 * the disk under the lock. What takes the database is called by the engine's thread, within a transaction.
 */
final class SqliteLog implements PartitionLog {

    private static final long NONE = Long.MAX_VALUE;

    private final LogId id;
    private final SqliteEngine engine;
    private final Database database;
    private final long number;
    private volatile Durability durability;
    private volatile boolean closed;

    // Guarded by this: what is not in the database, which ends at storedEnd, and where a commit is about to move that.
    private final List<StoredBatch> tail = new ArrayList<>();
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
        var sql = "SELECT first, next, count - (SELECT count(*) FROM batches b WHERE b.log = l.log) FROM logs l WHERE log = ?";
        try (var row = database.rows(sql, number)) {
            this.start = row.getLong(1);
            this.end = row.getLong(2);
            this.storedEnd = end;
            if (row.getLong(3) != 0) {
                throw new StorageException.Corrupt(id + " lacks " + row.getLong(3) + " of its batches", null);
            }
        }
        this.maxTimestamp = newestStored();
    }

    private long newestStored() throws SQLException {
        return database.number(-1, "SELECT max(time) FROM batches WHERE log = ?", number);
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
                throw new IllegalArgumentException(id + " ends at " + next + ", no place for " + batch.baseOffset());
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
        var storing = storing();
        for (var batch : storing) {
            batch.insert(database, number);
        }
        bound(storingEnd, storing.size());
    }

    private synchronized List<StoredBatch> storing() {
        storingEnd = end;
        return List.copyOf(tail);
    }

    /** Notes the bounds of what is stored, and how many batches more or less that is. */
    private Void bound(long next, int added) throws SQLException {
        var sql = "UPDATE logs SET first = ?, next = ?, count = count + ? WHERE log = ?";
        database.update(sql, offsets().start(), next, added, number);
        return null;
    }

    synchronized void stored() {
        tail.removeIf(batch -> batch.last() < storingEnd);
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
                var message = "offset " + from + " of " + id + ": it holds " + start + " up to " + end;
                return CompletableFuture.failedStage(new StorageException.OutOfRange(message));
            }
            limit = Math.min(upTo, storedEnd);
            recent = tail.stream().filter(batch -> batch.last() >= from).toList();
        }
        if (from >= limit) {
            return CompletableFuture.completedStage(slice(recent, upTo, maxBytes));
        }
        return engine.ask("read of " + id, () -> {
            var stored = slice(storedFrom(from, maxBytes), limit, maxBytes);
            return stored.sizeInBytes() > 0 ? stored : slice(recent, upTo, maxBytes);
        });
    }

    /** Those up to the first one that is damaged, of which only a read that begins there is told. */
    private List<StoredBatch> storedFrom(long from, int maxBytes) throws SQLException {
        var stored = new ArrayList<StoredBatch>();
        var sql = "SELECT base, last, time, crc, bytes FROM batches WHERE log = ? AND last >= ? ORDER BY last";
        try (var rows = database.rows(sql, number, from)) {
            for (var size = 0L; size <= maxBytes && rows.next(); ) {
                var batch = StoredBatch.of(rows);
                if (!batch.isSound()) {
                    if (stored.isEmpty()) {
                        throw new StorageException.Corrupt(id + " is not what was appended at " + batch.base(), null);
                    }
                    break;
                }
                stored.add(batch);
                size += batch.bytes().length;
            }
        }
        return stored;
    }

    /** The first of these batches, all below {@code upTo}; one at least if there is any. */
    private static LogSlice slice(List<StoredBatch> batches, long upTo, int maxBytes) {
        var buffers = new ArrayList<ByteBuffer>();
        var size = 0L;
        for (var batch : batches) {
            size += batch.bytes().length;
            if (batch.last() >= upTo || (size > maxBytes && !buffers.isEmpty())) {
                break;
            }
            buffers.add(ByteBuffer.wrap(batch.bytes()).asReadOnlyBuffer());
        }
        return LogSlice.of(buffers, () -> {});
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        checkOpen();
        return engine.ask("search in " + id, () -> {
            var base = first("time >= ?", timestamp, batch -> batch.timestamp() >= timestamp);
            return base == NONE ? OptionalLong.empty() : OptionalLong.of(Math.max(offsets().start(), base));
        });
    }

    /** The base offset of the first batch, stored or not, for which something holds. */
    private long first(String condition, long value, Predicate<StoredBatch> isMeant) throws SQLException {
        var sql = "SELECT base FROM batches WHERE log = ? AND " + condition + " ORDER BY last LIMIT 1";
        var stored = database.number(NONE, sql, number, value);
        synchronized (this) {
            return tail.stream().filter(isMeant).mapToLong(StoredBatch::base).reduce(stored, Math::min);
        }
    }

    @Override
    public synchronized CompletionStage<Void> truncateTo(long endOffset) {
        checkOpen();
        cuts++;
        return engine.ask("truncation of " + id, () -> truncate(endOffset)).whenComplete((done, failed) -> {
            synchronized (this) {
                cuts--;
            }
        });
    }

    private Void truncate(long endOffset) throws SQLException {
        var base = first("last >= ?", endOffset, batch -> batch.last() >= endOffset);
        long from;
        synchronized (this) {
            if (endOffset >= end) {
                return null;
            }
            from = endOffset < start ? 0 : endOffset;
            end = endOffset < start ? endOffset : Math.min(endOffset, Math.max(start, base));
            start = Math.min(start, end);
            storedEnd = Math.min(storedEnd, end);
            tail.removeIf(batch -> batch.last() >= from);
        }
        return delete("last >= ?", from);
    }

    private Void delete(String condition, long offset) throws SQLException {
        var deleted = database.update("DELETE FROM batches WHERE log = ? AND " + condition, number, offset);
        var newest = newestStored();
        long next;
        synchronized (this) {
            maxTimestamp = tail.stream().mapToLong(StoredBatch::timestamp).reduce(newest, Math::max);
            next = storedEnd;
        }
        return bound(next, -deleted);
    }

    /** The start moves at once, unless a truncation comes first. */
    @Override
    public synchronized CompletionStage<Void> advanceStart(long startOffset) {
        checkOpen();
        if (cuts == 0) {
            moveStart(startOffset);
        }
        engine.created(id);
        return engine.ask("start of " + id, () -> {
            moveStart(startOffset);
            return delete("last < ?", offsets().start());
        });
    }

    private synchronized void moveStart(long startOffset) {
        start = Math.max(start, startOffset);
        end = Math.max(end, start);
        storedEnd = Math.max(storedEnd, start);
        tail.removeIf(batch -> batch.last() < start);
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
            engine.closing(id, this);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("log " + id + " is closed");
        }
    }
}
