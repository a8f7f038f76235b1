package com.example.sqlite;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The checkpoints of a log, one in a row. */
record Notes(LogId id, SqliteEngine engine, Database database) implements Checkpoints {

    @Override
    public CompletionStage<Void> save(Checkpoint note) {
        return engine.ask("checkpoint of " + id, () -> {
            var bytes = new byte[note.bytes().remaining()];
            note.bytes().duplicate().get(bytes);
            engine.created(id);
            var log = database.numberOf(id);
            database.update("INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?)", log, note.name(), note.offset(), bytes);
            var sql = "SELECT at FROM notes WHERE log = ? AND name = ? ORDER BY at DESC LIMIT 1 OFFSET 1";
            var second = database.number(0, sql, log, note.name());
            database.update("DELETE FROM notes WHERE log = ? AND name = ? AND at < ?", log, note.name(), second);
            return null;
        });
    }

    @Override
    public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
        var sql = "SELECT at, bytes FROM notes WHERE log = ? AND name = ? AND at <= ? ORDER BY at DESC LIMIT 1";
        return engine.ask("checkpoint of " + id, () -> {
            try (var rows = database.rows(sql, database.numberOf(id), name, atMost)) {
                return rows.next()
                        ? Optional.of(new Checkpoint(name, rows.getLong(1), ByteBuffer.wrap(rows.getBytes(2))))
                        : Optional.empty();
            }
        });
    }

    @Override
    public CompletionStage<Void> removeAbove(long offset) {
        return engine.ask("checkpoints of " + id, () -> {
            database.update("DELETE FROM notes WHERE log = ? AND at > ?", database.numberOf(id), offset);
            return null;
        });
    }
}
