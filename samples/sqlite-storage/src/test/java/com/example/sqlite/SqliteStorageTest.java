package com.example.sqlite;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.tck.storage.StorageAbility;
import io.thalweg.tck.storage.StorageContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

final class SqliteStorageTest extends StorageContract {

    private static final String FILE = "thalweg.db";

    @Override
    protected StorageProvider provider(Path directory) {
        return SqliteStorage.at(directory.resolve(FILE));
    }

    /** Nobody cuts the power here. */
    @Override
    protected ConfigValues config(Path directory) {
        return ConfigValues.empty().with(SqliteStorage.SYNCHRONOUS.name(), "OFF");
    }

    @Override
    protected Set<StorageAbility> abilities() {
        return Set.of(StorageAbility.SURVIVES_CRASH);
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
}
