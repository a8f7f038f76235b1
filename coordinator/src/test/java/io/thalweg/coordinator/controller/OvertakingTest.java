package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.coordinator.record.ProducerIdsRecord;
import io.thalweg.protocol.message.BrokerRegistrationRequest;
import io.thalweg.protocol.message.BrokerRegistrationResponse;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.runtime.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A log that is done before the call returns, and an event loop on which its own tasks overtake those of other threads, as on a shard. */
final class OvertakingTest {

    private final OvertakingLoop loop = new OvertakingLoop();
    private final InstantLog log = new InstantLog();
    private final RecordingListener listener = new RecordingListener();
    private final Controller controller = new Controller(
            new ControllerRuntime(loop, new SteppedClock(), (delay, task) -> () -> {}, new Random(1)),
            ControllerConfig.defaults(),
            log,
            new SampleSchema(),
            listener);

    private static final class OvertakingLoop implements EventLoop {

        private final ArrayDeque<Runnable> fromOthers = new ArrayDeque<>();
        private final ArrayDeque<Runnable> own = new ArrayDeque<>();
        private @Nullable Thread runner;

        @Override
        public boolean isCurrent() {
            return Thread.currentThread().equals(runner);
        }

        @Override
        public void execute(Runnable task) {
            (isCurrent() ? own : fromOthers).add(task);
        }

        void run() {
            runner = Thread.currentThread();
            while (!fromOthers.isEmpty()) {
                fromOthers.remove().run();
                while (!own.isEmpty()) {
                    own.remove().run();
                }
            }
            runner = null;
        }
    }

    private static final class InstantLog implements MetadataLog {

        private @Nullable MetadataListener listener;
        private long nextOffset;

        private void tell(Runnable call) {
            var thread = new Thread(call, "metadata-log");
            thread.start();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public CompletionStage<Long> propose(int leaderEpoch, List<ByteBuffer> records) {
            long offset = nextOffset++;
            tell(() -> Objects.requireNonNull(listener).committed(offset, records));
            return CompletableFuture.completedFuture(offset);
        }

        @Override
        public void subscribe(MetadataListener newListener) {
            listener = newListener;
            tell(() -> newListener.leadership(new Leadership(OptionalInt.of(1), 1, true)));
        }

        /** Something that another node has committed. */
        void hear(List<ByteBuffer> records) {
            var unused = propose(1, records);
        }

        @Override
        public CompletionStage<Void> snapshot(long endOffset, List<ByteBuffer> records) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Long> barrier() {
            return CompletableFuture.completedFuture(nextOffset);
        }

        @Override
        public QuorumState quorum() {
            return new QuorumState(new Leadership(OptionalInt.of(1), 1, true), nextOffset, List.of(), List.of());
        }

        @Override
        public void close() {}
    }

    private CompletionStage<BrokerRegistrationResponse> register() {
        var request = BrokerRegistrationRequest.builder()
                .brokerId(1)
                .clusterId(String.valueOf(listener.image().cluster().id()))
                .incarnationId(new UUID(7, 1))
                .listeners(List.of(new BrokerRegistrationRequest.Listener("PLAINTEXT", "localhost", 9092, (short) 0)))
                .build();
        return controller.submit(request, BrokerRegistrationResponse.class);
    }

    @Test
    void aReplyComesAfterTheImageThatHasWhatWasAskedFor() {
        controller.start();
        loop.run();
        var seen = new ArrayList<Boolean>();

        register()
                .whenComplete((reply, failure) ->
                        seen.add(reply != null && listener.image().broker(1).isPresent()));
        loop.run();

        assertThat(seen).containsExactly(true);
    }

    @Test
    void aBarrierComesAfterTheImageThatHasWhatWasCommitted() {
        controller.start();
        loop.run();
        var seen = new ArrayList<Boolean>();

        loop.execute(() -> {
            log.hear(List.of(MetadataRecords.encode(new ProducerIdsRecord(77))));
            controller
                    .barrier()
                    .whenComplete((done, failure) ->
                            seen.add(listener.image().cluster().nextProducerId() == 77));
        });
        loop.run();

        assertThat(seen).containsExactly(true);
    }
}
