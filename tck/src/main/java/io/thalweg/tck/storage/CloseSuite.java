package io.thalweg.tck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.tck.Verifies;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What becomes of pending calls when the engine closes, and of an engine that does not open. */
abstract class CloseSuite extends StorageSuite {

    @Test
    @Verifies("ENGINE-7")
    void pendingCommitsAreCompleteOnceTheEngineIsClosed() {
        var appended = batches(0, 50);
        var commits = new ArrayList<CompletionStage<?>>();
        for (var batch : appended) {
            append(List.of(batch));
            commits.add(engine.commit(List.of(log)));
        }

        engine.close();

        assertThat(commits).allSatisfy(CloseSuite::isComplete);
        restart();
        assertThat(readFrom(0)).isEqualTo(appended);
    }

    @Test
    @Verifies({"ENGINE-7", "LOG-12"})
    void otherPendingCallsAreCompleteOnceTheEngineIsClosed() {
        append(batches(0, 20));
        var note = new Checkpoint("notes", 3, ByteBuffer.allocate(100));
        var pending = List.<CompletionStage<?>>of(
                log.read(0, Long.MAX_VALUE, 1000).thenAccept(LogSlice::close),
                log.find(30),
                log.advanceStart(RECORDS),
                log.truncateTo(10 * RECORDS),
                engine.checkpoints(StorageRig.ID).save(note),
                engine.open(StorageRig.id("other", 0), SMALL),
                engine.delete(StorageRig.id("third", 0)));

        engine.close();

        assertThat(pending).allSatisfy(CloseSuite::isComplete);
    }

    /** Done, or failed as a stage may fail. */
    private static void isComplete(CompletionStage<?> stage) {
        var future = stage.toCompletableFuture();
        assertThat(future).isDone();
        if (future.isCompletedExceptionally()) {
            assertThatThrownBy(() -> Stages.await(stage)).isInstanceOf(StorageException.class);
        }
    }

    @Test
    @Verifies("PROVIDER-1")
    void engineThatDoesNotOpenEndsItsThreads() {
        var context = rig.context();
        var running = new RunningPools(context.workers());
        var watched =
                new StorageContext(context.config(), context.clock(), context.timers(), running, context.random());

        assertThatThrownBy(() -> rig.provider().open(watched)).isInstanceOf(StorageException.Fenced.class);

        assertThat(running.names).isEmpty();
    }

    /** Starts pools of another, and knows those that were not closed by their names. Any thread. */
    private static final class RunningPools implements Workers {

        private final Workers workers;
        private final Set<String> names = ConcurrentHashMap.newKeySet();

        RunningPools(Workers workers) {
            this.workers = workers;
        }

        @Override
        public Pool start(String name, int threads) {
            var pool = workers.start(name, threads);
            names.add(name);
            return new Pool() {
                @Override
                public void execute(Runnable task) {
                    pool.execute(task);
                }

                @Override
                public void close() {
                    pool.close();
                    names.remove(name);
                }
            };
        }
    }
}
