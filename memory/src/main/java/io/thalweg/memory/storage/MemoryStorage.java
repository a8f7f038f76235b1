package io.thalweg.memory.storage;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.spi.storage.StorageProvider;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Storage on the heap. What is stored lives as long as this object: an engine that is closed and opened again finds it, as a
 * restarted broker in the same process expects.
 *
 * <p><b>Threads.</b> Any thread. One engine of a provider object is open at a time.
 */
public final class MemoryStorage implements StorageProvider {

    /** How many bytes of batches all logs together may hold before appends are refused. */
    public static final ConfigKey<Long> MAX_BYTES = ConfigKey.ofLong(
                    "storage.memory.max.bytes", Runtime.getRuntime().maxMemory() / 2)
            .atLeast(0)
            .documented(
                    "Bytes of record batches that all logs together may hold on the heap; appends beyond it are refused. "
                            + "The default is half of the greatest heap size.");

    private final MemoryContents contents;
    private final AtomicBoolean inUse = new AtomicBoolean();
    /** What stands for a directory; given at the first open. */
    private final AtomicReference<@Nullable UUID> id;

    /** An empty storage. */
    public MemoryStorage() {
        this(new MemoryContents(), null);
    }

    private MemoryStorage(MemoryContents contents, @Nullable UUID id) {
        this.contents = contents;
        this.id = new AtomicReference<>(id);
    }

    /**
     * Another storage, which holds what was committed in this one by now: what a new process would find if the one that uses this died at
     * this moment. Neither sees what the other does from here on.
     */
    public MemoryStorage afterCrash() {
        return new MemoryStorage(contents.survived(), id.get());
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return List.of(MAX_BYTES);
    }

    @Override
    public StorageEngine open(StorageContext context) {
        long maxBytes = context.config().value(MAX_BYTES);
        if (!inUse.compareAndSet(false, true)) {
            throw new StorageException.Fenced("memory storage is in use by another engine: close that one first");
        }
        var random = context.random();
        var known = id.updateAndGet(before -> before != null ? before : new UUID(random.nextLong(), random.nextLong()));
        return new MemoryEngine(
                contents, Objects.requireNonNull(known, "id"), context.clock(), maxBytes, () -> inUse.set(false));
    }
}
