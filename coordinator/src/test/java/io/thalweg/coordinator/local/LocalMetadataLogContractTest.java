package io.thalweg.coordinator.local;

import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.tck.coordination.MetadataLogContract;
import io.thalweg.tck.runtime.RealRuntime;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

final class LocalMetadataLogContractTest extends MetadataLogContract {

    private final RealRuntime runtime = new RealRuntime();
    private final Workers.Pool pool = runtime.start("metadata", 1);
    private final StorageEngine engine = new MemoryStorage()
            .open(new StorageContext(ConfigValues.empty(), runtime, runtime, runtime, new Random(1)));

    @Override
    protected MetadataLog open() {
        return LocalMetadataLog.open(engine, new PoolLoop(pool), runtime, 1)
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        engine.close();
        pool.close();
        runtime.close();
    }

    /** One thread of a pool as an event loop; it does not know which. */
    private record PoolLoop(Workers.Pool pool) implements EventLoop {

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            pool.execute(task);
        }
    }
}
