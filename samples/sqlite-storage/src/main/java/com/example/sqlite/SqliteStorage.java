package com.example.sqlite;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageProvider;
import java.nio.file.Path;
import java.util.List;

/** Keeps all logs in one SQLite database; chosen by {@code storage=sqlite}. */
public final class SqliteStorage implements StorageProvider {

    /** The file of the database; SQLite keeps two more beside it while it is open. */
    public static final ConfigKey<String> PATH =
            ConfigKey.ofString("storage.sqlite.path", "thalweg.db").documented("The file of the database.");

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return List.of(PATH);
    }

    @Override
    public StorageEngine open(StorageContext context) {
        return new SqliteEngine(new Database(Path.of(context.config().value(PATH)), context.workers()));
    }
}
