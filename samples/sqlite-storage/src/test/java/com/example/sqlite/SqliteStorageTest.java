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
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

final class SqliteStorageTest extends StorageContract {

    private static final String FILE = "thalweg.db";

    @Override
    protected StorageProvider provider(Path directory) {
        return new SqliteStorage();
    }

    @Override
    protected ConfigValues config(Path directory) {
        return ConfigValues.empty()
                .with(SqliteStorage.PATH.name(), directory.resolve(FILE).toString());
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
        var row = " WHERE ? BETWEEN base AND last AND log = (SELECT log FROM logs WHERE topic = ? AND id = ? AND part = ?)";
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(FILE));
                var change = database.prepareStatement(
                        switch (damage) {
                            case LOST_PIECE -> "DELETE FROM batches" + row;
                            case ZEROED -> "UPDATE batches SET bytes = zeroblob(length(bytes))" + row;
                            default -> "UPDATE batches SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'0f' AS BLOB)" + row;
                        })) {
            change.setLong(1, offset);
            change.setString(2, id.topic());
            change.setString(3, id.topicId().toString());
            change.setInt(4, id.partition());
            change.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
