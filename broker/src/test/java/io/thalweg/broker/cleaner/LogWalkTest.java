package io.thalweg.broker.cleaner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A walk over a log in memory, all on the test's thread. */
final class LogWalkTest {

    private final StorageEngine engine = new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    new SystemClock(),
                    (delayNanos, task) -> () -> {},
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1)));
    private final PartitionLog log = engine.open(new LogId("orders", new UUID(1, 2), 0), LogConfig.DEFAULT)
            .toCompletableFuture()
            .join();
    private final LogWalk.Reading reading = new LogWalk.Reading(log, 1, Runnable::run);

    @BeforeEach
    void append() {
        var builder = new RecordBatchBuilder(1 << 10);
        builder.append(1, null, ByteBuffer.allocate(1));
        var batch = RecordBatch.at(builder.build(), 0);
        log.append(List.of(new Batch(batch.bytes(), 0, 0, 0, 1)));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void errorOfAVisitorFailsTheWalk() {
        var walk = reading.over(0, 1, batches -> {
            throw new StackOverflowError("wanted by the test");
        });

        assertThat(walk.toCompletableFuture()).isCompletedExceptionally();
        assertThatThrownBy(() -> walk.toCompletableFuture().join()).hasRootCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void closedLogIsOneThatIsFenced() {
        log.close();

        var walk = reading.over(0, 1, batches -> CompletableFuture.completedStage(true));

        assertThatThrownBy(() -> walk.toCompletableFuture().join()).hasCauseInstanceOf(StorageException.Fenced.class);
    }
}
