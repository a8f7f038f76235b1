package com.example.sqlite;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The logs in a database. Any thread. */
final class SqliteEngine implements StorageEngine {

    /** A log knows how many batches it has, so that one that is gone is missed. */
    private static final List<String> TABLES = List.of(
            "logs (log INTEGER PRIMARY KEY, topic, id, part, first, next, count, UNIQUE (topic, id, part))",
            "batches (log, base, last, time, crc, bytes, UNIQUE (log, last, base, time))",
            "notes (log, name, at, bytes, PRIMARY KEY (log, name, at))");

    private final Database database;
    private final Map<LogId, SqliteLog> open = new ConcurrentHashMap<>();

    /** The logs that have a row. */
    private final Set<LogId> stored = ConcurrentHashMap.newKeySet();

    SqliteEngine(Database database) {
        this.database = database;
        try {
            database.change("opening", this::load).join();
        } catch (CompletionException e) {
            database.close();
            throw (StorageException) e.getCause();
        }
    }

    private void load() throws SQLException {
        for (var table : TABLES) {
            database.update("CREATE TABLE IF NOT EXISTS " + table);
        }
        try (var rows = database.rows("SELECT topic, id, part FROM logs")) {
            while (rows.next()) {
                stored.add(new LogId(rows.getString(1), UUID.fromString(rows.getString(2)), rows.getInt(3)));
            }
        }
    }

    @Override
    public List<LogId> logs() {
        database.checkOpen();
        return List.copyOf(stored);
    }

    /** What was appended when the log was open before is made durable first. */
    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        return database.ask("opening of " + id, () -> {
            database.commit();
            var known = open.get(id);
            var log = known != null ? known : new SqliteLog(id, number(id), database, () -> open.remove(id));
            open.put(id, log);
            return log;
        });
    }

    /** The number of a log, which has a row from then on. */
    private long number(LogId id) throws SQLException {
        stored.add(id);
        Object[] name = {id.topic(), id.topicId().toString(), id.partition()};
        database.update("INSERT OR IGNORE INTO logs (topic, id, part, first, next, count) VALUES (?, ?, ?, 0, 0, 0)", name);
        return database.number("SELECT log FROM logs WHERE topic = ? AND id = ? AND part = ?", name);
    }

    /** There is nothing to configure: one commit is as durable as another, and there are no segments. */
    @Override
    public void configure(LogId id, LogConfig config) {
        database.checkOpen();
        if (!open.containsKey(id)) {
            throw new IllegalStateException("log " + id + " is not open");
        }
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        return database.ask("commit", () -> {
            database.commit();
            logs.forEach(log -> ((SqliteLog) log).committed());
            return null;
        });
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        Optional.ofNullable(open.get(id)).ifPresent(SqliteLog::close);
        return database.change("deletion of " + id, () -> {
            var number = number(id);
            stored.remove(id);
            for (var table : List.of("batches", "notes", "logs")) {
                database.update("DELETE FROM " + table + " WHERE log = ?", number);
            }
        });
    }

    @Override
    public void close() {
        database.close();
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        database.checkOpen();
        return new Checkpoints() {
            @Override
            public CompletionStage<Void> save(Checkpoint lent) {
                var note = lent.copy();
                return database.change("checkpoint of " + id, () -> {
                    Object[] row = {number(id), note.name(), note.offset(), note.bytes().array()};
                    database.update("INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?)", row);
                    var kept = "(SELECT at FROM notes WHERE log = ?1 AND name = ?2 ORDER BY at DESC LIMIT 2)";
                    database.update("DELETE FROM notes WHERE log = ?1 AND name = ?2 AND at NOT IN " + kept, row[0], row[1]);
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
}
