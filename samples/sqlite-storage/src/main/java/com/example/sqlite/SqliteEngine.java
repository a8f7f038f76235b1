package com.example.sqlite;

import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The logs in a database, which one thread asks: so changes become durable in the order in which they were asked for. */
final class SqliteEngine implements StorageEngine {

    private final Map<LogId, CompletableFuture<SqliteLog>> open = new ConcurrentHashMap<>();
    private final Set<LogId> created = ConcurrentHashMap.newKeySet();
    private final Database database;
    private final Workers.Pool thread;
    private volatile boolean closed;

    SqliteEngine(Database database, Workers workers) {
        this.database = database;
        var sql = "SELECT topic, id, part FROM logs WHERE next > 0 OR log IN (SELECT log FROM notes)";
        database.transaction("listing the logs", () -> {
            try (var rows = database.rows(sql)) {
                while (rows.next()) {
                    created.add(new LogId(rows.getString(1), UUID.fromString(rows.getString(2)), rows.getInt(3)));
                }
                return null;
            }
        });
        thread = workers.start("sqlite", 1);
    }

    @Override
    public List<LogId> logs() {
        checkOpen();
        return List.copyOf(created);
    }

    /** From now on the log is one of those that hold something. */
    void created(LogId id) {
        created.add(id);
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        checkOpen();
        var log = open.compute(id, (key, known) -> known != null && !known.isCompletedExceptionally()
                ? known
                : ask("opening " + id, () -> new SqliteLog(id, config, database, this)));
        return log.thenApply(PartitionLog.class::cast);
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
        return CompletableFuture.runAsync(() -> store(committed), thread);
    }

    private void store(List<SqliteLog> logs) {
        logs.forEach(SqliteLog::checkSound);
        try {
            database.transaction("commit", () -> {
                for (var log : logs) {
                    log.store();
                }
                return null;
            });
        } catch (StorageException e) {
            logs.forEach(log -> log.fail(e));
            throw e;
        }
        logs.forEach(SqliteLog::stored);
    }

    /** What is asked in one transaction. */
    <T> CompletableFuture<T> ask(String what, Database.Work<T> work) {
        return CompletableFuture.supplyAsync(() -> database.transaction(what, work), thread);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        checkOpen();
        if (open.containsKey(id)) {
            open.get(id).thenAccept(SqliteLog::close);
        }
        created.remove(id);
        return ask("deletion of " + id, () -> {
            var number = database.numberOf(id);
            for (var table : List.of("batches", "notes", "logs")) {
                database.update("DELETE FROM " + table + " WHERE log = ?", number);
            }
            return null;
        });
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        checkOpen();
        return new Notes(id, this, database);
    }

    /** Puts what a log that closes still has into the database, before whoever opens it next looks there. */
    void closing(LogId id, SqliteLog log) {
        open.remove(id);
        thread.execute(() -> store(List.of(log)));
    }

    @Override
    public void close() {
        if (!closed) {
            open.values().forEach(log -> log.thenAccept(SqliteLog::close));
            closed = true;
            thread.close();
            database.close();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("sqlite storage is closed");
        }
    }
}
