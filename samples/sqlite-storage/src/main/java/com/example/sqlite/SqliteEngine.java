package com.example.sqlite;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The logs in a database. Any thread. */
final class SqliteEngine implements StorageEngine {

    private final Database database;
    private final Map<LogId, CompletableFuture<SqliteLog>> open = new ConcurrentHashMap<>();

    /** The logs that hold something. */
    private final Set<LogId> filled = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    SqliteEngine(Database database) {
        this.database = database;
        var sql = "SELECT topic, id, part FROM logs WHERE next > 0 OR log IN (SELECT log FROM notes)";
        var listed = database.change("list of the logs", () -> {
            try (var rows = database.rows(sql)) {
                while (rows.next()) {
                    filled.add(new LogId(rows.getString(1), UUID.fromString(rows.getString(2)), rows.getInt(3)));
                }
            }
        });
        listed.join();
    }

    @Override
    public List<LogId> logs() {
        checkOpen();
        return List.copyOf(filled);
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        checkOpen();
        var log = open.compute(id, (key, known) -> known != null && !known.isCompletedExceptionally()
                ? known
                : database.ask("opening of " + id, () -> new SqliteLog(id, number(id), config, this, database)));
        return log.thenApply(PartitionLog.class::cast);
    }

    /** The number of a log, which has a row from then on. */
    private long number(LogId id) throws SQLException {
        Object[] name = {id.topic(), id.topicId().toString(), id.partition()};
        database.update("INSERT OR IGNORE INTO logs (topic, id, part, first, next, count) VALUES (?, ?, ?, 0, 0, 0)", name);
        return database.number(-1, "SELECT log FROM logs WHERE topic = ? AND id = ? AND part = ?", name);
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        checkOpen();
        if (!open.containsKey(id)) {
            throw new IllegalStateException("log " + id + " is not open");
        }
        open.get(id).thenAccept(log -> log.configure(config));
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        checkOpen();
        var committed = logs.stream().map(SqliteLog.class::cast).toList();
        var stored = new ArrayList<Runnable>();
        return database.change("commit", () -> committed.forEach(log -> stored.add(log.stored())))
                .thenRun(() -> stored.forEach(Runnable::run));
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        checkOpen();
        if (open.containsKey(id)) {
            open.get(id).thenAccept(SqliteLog::close);
        }
        filled.remove(id);
        return database.change("deletion of " + id, () -> {
            var number = number(id);
            for (var table : List.of("batches", "notes", "logs")) {
                database.update("DELETE FROM " + table + " WHERE log = ?", number);
            }
        });
    }

    /** The log holds something from now on. */
    void filled(LogId id) {
        filled.add(id);
    }

    /** Whoever opens it next finds everything durable. */
    void closing(LogId id) {
        open.remove(id);
        commit(List.of());
    }

    @Override
    public void close() {
        if (!closed) {
            open.values().forEach(log -> log.thenAccept(SqliteLog::close));
            closed = true;
            database.close();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("sqlite storage is closed");
        }
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        checkOpen();
        return new Checkpoints() {
            @Override
            public CompletionStage<Void> save(Checkpoint note) {
                filled.add(id);
                var bytes = bytesOf(note.bytes());
                return database.change("checkpoint of " + id, () -> {
                    var log = number(id);
                    var name = note.name();
                    database.update("INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?)", log, name, note.offset(), bytes);
                    var second = "SELECT at FROM notes WHERE log = ? AND name = ? ORDER BY at DESC LIMIT 1 OFFSET 1";
                    var kept = database.number(0, second, log, name);
                    database.update("DELETE FROM notes WHERE log = ? AND name = ? AND at < ?", log, name, kept);
                });
            }

            @Override
            public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
                var sql = "SELECT at, bytes FROM notes WHERE log = ? AND name = ? AND at <= ? ORDER BY at DESC LIMIT 1";
                return database.ask("checkpoint of " + id, () -> {
                    try (var rows = database.rows(sql, number(id), name, atMost)) {
                        return rows.next()
                                ? Optional.of(new Checkpoint(name, rows.getLong(1), ByteBuffer.wrap(rows.getBytes(2))))
                                : Optional.empty();
                    }
                });
            }

            @Override
            public CompletionStage<Void> removeAbove(long offset) {
                var sql = "DELETE FROM notes WHERE log = ? AND at > ?";
                return database.change("checkpoints of " + id, () -> database.update(sql, number(id), offset));
            }
        };
    }

    static byte[] bytesOf(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
