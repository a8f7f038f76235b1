package io.thalweg.samples.onefile;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageProvider;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps all logs in one file; chosen by {@code storage=one-file}, or given to the broker's builder. */
public final class OneFileStorage implements StorageProvider {

    /** Where the file is, when the provider was not told. */
    public static final ConfigKey<String> PATH = ConfigKey.ofString("storage.one-file.path", "thalweg.journal")
            .documented("The file in which everything is kept.");

    private final @Nullable Path path;

    /** For the service loader: the file is taken from the settings. */
    public OneFileStorage() {
        this(null);
    }

    private OneFileStorage(@Nullable Path path) {
        this.path = path;
    }

    /** Keeps everything in this file, which is created if need be. */
    public static OneFileStorage at(Path path) {
        return new OneFileStorage(path);
    }

    @Override
    public String name() {
        return "one-file";
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return List.of(PATH);
    }

    @Override
    public StorageEngine open(StorageContext context) {
        var file = path != null ? path : Path.of(context.config().value(PATH));
        return OneFileEngine.open(file, context.workers());
    }
}
