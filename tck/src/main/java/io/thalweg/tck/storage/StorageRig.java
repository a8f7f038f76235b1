package io.thalweg.tck.storage;

import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.tck.runtime.RealRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;

/** An open engine of the provider under test, which can be stopped, crashed and started again. Owned by the test's thread. */
final class StorageRig implements AutoCloseable {

    static final LogId ID = id("orders", 0);

    private final StorageContract contract;
    private final RealRuntime runtime = new RealRuntime();
    private Path directory;
    private StorageProvider provider;
    private StorageEngine engine;
    private int crashes;

    StorageRig(StorageContract contract, Path directory) {
        this.contract = contract;
        this.directory = created(directory.resolve("storage"));
        this.provider = contract.provider(this.directory);
        this.engine = provider.open(context());
    }

    /** The log of a topic whose id follows from its name. */
    static LogId id(String topic, int partition) {
        return new LogId(topic, new UUID(topic.hashCode(), 7), partition);
    }

    StorageEngine engine() {
        return engine;
    }

    boolean can(StorageAbility ability) {
        return contract.abilities().contains(ability);
    }

    StorageProvider provider() {
        return provider;
    }

    StorageContext context() {
        return new StorageContext(contract.config(directory), runtime, runtime, runtime, new Random(1));
    }

    PartitionLog open(LogId id, LogConfig config) {
        return Stages.await(engine.open(id, config));
    }

    void restart() {
        engine.close();
        engine = provider.open(context());
    }

    /** The same, and while no engine is open the log is damaged where it holds an offset. */
    void restartDamaged(Damage damage, LogId id, long offset) {
        engine.close();
        contract.damage(directory, id, damage, offset);
        engine = provider.open(context());
    }

    /** Goes on as after the death of the process at this moment. */
    void crash() {
        die();
        engine = provider.open(context());
    }

    /** The same, with a log that was damaged before it was found. */
    void crashDamaged(Damage damage, LogId id, long offset) {
        die();
        contract.damage(directory, id, damage, offset);
        engine = provider.open(context());
    }

    private void die() {
        crashes++;
        var copy = created(directory.resolveSibling("storage-" + crashes));
        var found = contract.crashed(provider, directory, copy);
        engine.close();
        directory = copy;
        provider = found;
    }

    private static Path created(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        engine.close();
        runtime.close();
    }
}
