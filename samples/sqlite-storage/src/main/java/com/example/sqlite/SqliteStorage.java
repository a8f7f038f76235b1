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

    /** What a commit waits for, in SQLite's words: FULL is on disk, OFF survives the process but not a loss of power. */
    public static final ConfigKey<String> SYNCHRONOUS =
            ConfigKey.ofString("storage.sqlite.synchronous", "FULL").documented("SQLite's synchronous: FULL or OFF.");

    private final Path path;

    /** For the service loader: the file is taken from the settings. */
    public SqliteStorage() {
        this(null);
    }

    private SqliteStorage(Path path) {
        this.path = path;
    }

    /** Keeps everything in this file, which is created if need be. */
    public static SqliteStorage at(Path path) {
        return new SqliteStorage(path);
    }

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return List.of(PATH, SYNCHRONOUS);
    }

    @Override
    public StorageEngine open(StorageContext context) {
        var file = path != null ? path : Path.of(context.config().value(PATH));
        return new SqliteEngine(new Database(file, context.config().value(SYNCHRONOUS)), context.workers());
    }
}
