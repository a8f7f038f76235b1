package com.example.sqlite;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.tck.storage.Damage;
import io.thalweg.tck.storage.StorageAbility;
import io.thalweg.tck.storage.StorageContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

final class SqliteStorageTest extends StorageContract {

    private static final String FILE = "thalweg.db";

    @Override
    protected StorageProvider provider(Path directory) {
        return new SqliteStorage();
    }

    /** Nobody cuts the power here. */
    @Override
    protected ConfigValues config(Path directory) {
        return ConfigValues.empty()
                .with(SqliteStorage.PATH.name(), directory.resolve(FILE).toString())
                .with(SqliteStorage.SYNCHRONOUS.name(), "OFF");
    }

    @Override
    protected Set<StorageAbility> abilities() {
        return Set.of(StorageAbility.SURVIVES_CRASH, StorageAbility.CAN_BE_DAMAGED);
    }

    /** The database and its write-ahead log are all that a crash leaves; the third file only helps those who have it open. */
    @Override
    protected StorageProvider crashed(StorageProvider provider, Path directory, Path copy) {
        try {
            for (var name : List.of(FILE + "-wal", FILE)) {
                Files.copy(directory.resolve(name), copy.resolve(name));
            }
            return provider(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A piece of a log is a row. */
    @Override
    protected void damage(Path directory, LogId id, Damage damage, long offset) {
        try (var database = new Database(directory.resolve(FILE), "OFF")) {
            database.transaction("damage", () -> {
                var log = database.numberOf(id);
                if (damage == Damage.LOST_PIECE) {
                    return database.update("DELETE FROM batches WHERE log = ? AND ? BETWEEN base AND last", log, offset);
                }
                var sql = "SELECT bytes FROM batches WHERE log = ? AND ? BETWEEN base AND last";
                byte[] bytes;
                try (var rows = database.rows(sql, log, offset)) {
                    bytes = rows.getBytes(1);
                }
                if (damage == Damage.ZEROED) {
                    Arrays.fill(bytes, (byte) 0);
                } else {
                    bytes[bytes.length - 1] ^= 4;
                }
                sql = "UPDATE batches SET bytes = ? WHERE log = ? AND ? BETWEEN base AND last";
                return database.update(sql, bytes, log, offset);
            });
        }
    }
}
