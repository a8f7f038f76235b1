package com.example.sqlite;

import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The logs in a database, which one thread asks: so changes become durable in the order in which they were asked for. */
final class SqliteEngine implements StorageEngine {

    private final Map<LogId, CompletableFuture<SqliteLog>> open = new ConcurrentHashMap<>();
    private final Set<LogId> created = ConcurrentHashMap.newKeySet();
    private final Database database;
    private final Workers.Pool thread;
    private volatile boolean closed;

    SqliteEngine(Database database, Workers workers) {
        this.database = database;
        database.transaction("listing the logs", () -> {
            try (var rows = database.rows(
                    "SELECT topic, id, part FROM logs WHERE next > 0 OR log IN (SELECT log FROM notes)")) {
                while (rows.next()) {
                    created.add(new LogId(rows.getString(1), UUID.fromString(rows.getString(2)), rows.getInt(3)));
                }
                return created;
            }
        });
        thread = workers.start("sqlite", 1);
    }

    @Override
    public List<LogId> logs() {
        checkOpen();
        return List.copyOf(created);
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        checkOpen();
        var log =
                open.computeIfAbsent(id, key -> ask("opening " + id, () -> new SqliteLog(id, config, database, this)));
        return log.thenApply(PartitionLog.class::cast);
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        checkOpen();
        var log = open.get(id);
        if (log == null) {
            throw new IllegalStateException("log " + id + " is not open");
        }
        log.join().configure(config);
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        checkOpen();
        var committed = logs.stream().map(SqliteLog.class::cast).toList();
        return run(() -> store(committed));
    }

    private Void store(List<SqliteLog> logs) {
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
        return null;
    }

    /** Puts what a log that closes still has into the database, before whoever opens it next looks there. */
    void closing(SqliteLog log) {
        open.remove(log.id());
        run(() -> store(List.of(log)));
    }

    /** What is asked in one transaction. */
    <T> CompletableFuture<T> ask(String what, Database.Work<T> work) {
        return run(() -> database.transaction(what, work));
    }

    private <T> CompletableFuture<T> run(Supplier<T> work) {
        var done = new CompletableFuture<T>();
        thread.execute(() -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    /** From now on the log is one of those that hold something. */
    void created(LogId id) {
        created.add(id);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        checkOpen();
        var log = open.get(id);
        if (log != null) {
            log.join().close();
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
        return new Notes(id);
    }

    @Override
    public void close() {
        if (!closed) {
            open.values().forEach(log -> log.join().close());
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

    private final class Notes implements Checkpoints {

        private final LogId id;

        Notes(LogId id) {
            this.id = id;
        }

        @Override
        public CompletionStage<Void> save(Checkpoint note) {
            return ask("checkpoint of " + id, () -> {
                var bytes = new byte[note.bytes().remaining()];
                note.bytes().duplicate().get(bytes);
                created(id);
                var log = database.numberOf(id);
                database.update(
                        "INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?)", log, note.name(), note.offset(), bytes);
                var sql = "SELECT at FROM notes WHERE log = ? AND name = ? ORDER BY at DESC LIMIT 1 OFFSET 1";
                var second = database.number(0, sql, log, note.name());
                database.update("DELETE FROM notes WHERE log = ? AND name = ? AND at < ?", log, note.name(), second);
                return null;
            });
        }

        @Override
        public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
            var sql = "SELECT at, bytes FROM notes WHERE log = ? AND name = ? AND at <= ? ORDER BY at DESC LIMIT 1";
            return ask("checkpoint of " + id, () -> {
                try (var rows = database.rows(sql, database.numberOf(id), name, atMost)) {
                    return rows.next()
                            ? Optional.of(new Checkpoint(name, rows.getLong(1), ByteBuffer.wrap(rows.getBytes(2))))
                            : Optional.empty();
                }
            });
        }

        @Override
        public CompletionStage<Void> removeAbove(long offset) {
            return ask("checkpoints of " + id, () -> {
                database.update("DELETE FROM notes WHERE log = ? AND at > ?", database.numberOf(id), offset);
                return null;
            });
        }
    }
}
