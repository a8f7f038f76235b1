package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.coordinator.SteppedLoop;
import io.thalweg.coordinator.controller.ControllerConfig.Limits;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.coordinator.record.UnreadableRecordException;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import io.thalweg.protocol.message.BrokerRegistrationRequest;
import io.thalweg.protocol.message.BrokerRegistrationResponse;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class ControllerTest {

    private final SteppedLoop loop = new SteppedLoop();
    private final SteppedClock clock = new SteppedClock();
    private final ArrayDeque<Runnable> timers = new ArrayDeque<>();
    private final ScriptedLog log = new ScriptedLog();
    private final RecordingListener listener = new RecordingListener();

    private Controller controller = controller(config(Optional.empty(), new Limits(5, 100, 1 << 20, 1_000)));

    private static ControllerConfig config(Optional<Duration> sessionTimeout, Limits limits) {
        return new ControllerConfig(
                Optional.of("cluster"),
                new TreeMap<>(Map.of("metadata.version", (short) 25)),
                new ControllerConfig.Topics(1, (short) 1, true),
                sessionTimeout,
                Optional.empty(),
                limits);
    }

    private Controller controller(ControllerConfig config) {
        Timers stepped = (delayNanos, task) -> {
            timers.add(task);
            return () -> timers.remove(task);
        };
        return new Controller(
                new ControllerRuntime(loop, clock, stepped, new Random(1)), config, log, new SampleSchema(), listener);
    }

    /** Leads a cluster in which broker 1 is active. */
    private void start() {
        controller.start();
        log.lead();
        loop.run();
        commit();
        registerBroker();
    }

    private void registerBroker() {
        var registration = BrokerRegistrationRequest.builder()
                .brokerId(1)
                .clusterId("cluster")
                .incarnationId(new UUID(7, 1))
                .listeners(List.of(new BrokerRegistrationRequest.Listener("PLAINTEXT", "localhost", 9092, (short) 0)))
                .build();
        var registered = controller.submit(registration, BrokerRegistrationResponse.class);
        loop.run();
        commit();
        var unfence = BrokerHeartbeatRequest.builder()
                .brokerId(1)
                .brokerEpoch(completed(registered).brokerEpoch())
                .build();
        var unfenced = controller.submit(unfence, BrokerHeartbeatResponse.class);
        loop.run();
        commit();
        assertThat(completed(unfenced).isFenced()).isFalse();
    }

    private void commit() {
        log.commit();
        loop.run();
    }

    private CompletionStage<CreateTopicsResponse> create(String name) {
        return create(name, 1);
    }

    private CompletionStage<CreateTopicsResponse> create(String name, int partitionCount) {
        var topic = CreateTopicsRequest.Topic.builder()
                .name(name)
                .numPartitions(partitionCount)
                .replicationFactor((short) 1)
                .build();
        var request = CreateTopicsRequest.builder().topics(List.of(topic)).build();
        return controller.submit(request, CreateTopicsResponse.class);
    }

    private static boolean isDone(CompletionStage<?> stage) {
        return stage.toCompletableFuture().isDone();
    }

    private static <T> T completed(CompletionStage<T> stage) {
        assertThat(isDone(stage)).isTrue();
        return stage.toCompletableFuture().join();
    }

    private static void assertCreated(CompletionStage<CreateTopicsResponse> stage) {
        assertThat(completed(stage).topics().get(0).errorCode()).isZero();
    }

    private static void assertFailed(CompletionStage<?> stage, ErrorCode error) {
        assertThat(isDone(stage)).isTrue();
        assertThatThrownBy(() -> stage.toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ControllerException.class,
                        cause -> assertThat(cause.error()).isEqualTo(error));
    }

    private List<String> topics() {
        return listener.image().topics().stream().map(TopicImage::name).toList();
    }

    @Test
    void firstLeaderGivesTheClusterItsIdAndFeatures() {
        controller.start();
        log.lead();
        loop.run();

        commit();

        assertThat(listener.image().cluster().id()).isEqualTo("cluster");
        assertThat(listener.image().cluster().features()).isEqualTo(Map.of("metadata.version", (short) 25));
    }

    @Test
    void laterLeaderKeepsTheId() {
        start();

        log.lead();
        loop.run();

        assertThat(log.proposals()).isEmpty();
    }

    @Test
    void replyComesAfterTheImageWithWhatWasAskedForIsPublished() {
        start();
        var reply = create("orders");
        var isPublishedFirst = reply.thenApply(response -> topics().contains("orders"));
        loop.run();
        assertThat(isDone(reply)).isFalse();
        assertThat(topics()).isEmpty();

        commit();

        assertCreated(reply);
        assertThat(completed(isPublishedFirst)).isTrue();
    }

    @Test
    void oneProposalIsInFlightAndTheRestGoTogether() {
        start();
        var first = create("a");
        loop.run();
        var second = create("b");
        var third = create("c");
        loop.run();
        assertThat(log.proposals()).hasSize(1);

        commit();
        assertCreated(first);
        assertThat(log.proposals()).hasSize(1);
        assertThat(isDone(second)).isFalse();

        commit();
        assertCreated(second);
        assertCreated(third);
        assertThat(log.proposals()).isEmpty();
        assertThat(topics()).containsExactly("a", "b", "c");
    }

    @Test
    void requestsOfOneProposalSeeEachOther() {
        start();
        var busy = create("busy");
        loop.run();
        var first = create("orders");
        var second = create("orders");
        loop.run();

        commit();
        assertThat(isDone(second)).isFalse();
        commit();

        assertCreated(busy);
        assertCreated(first);
        assertThat(completed(second).topics().get(0).errorCode()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS.code());
    }

    @Test
    void whatChangesNothingIsAnsweredAtOnce() {
        start();
        var reply = create("bad name");

        loop.run();

        assertThat(completed(reply).topics().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
        assertThat(log.proposals()).isEmpty();
    }

    @Test
    void nodeThatDoesNotLeadRefuses() {
        controller.start();
        log.follow(2);
        loop.run();

        var reply = create("orders");
        loop.run();

        assertFailed(reply, ErrorCode.NOT_CONTROLLER);
        assertThat(listener.leaderships()).hasSize(1);
    }

    @Test
    void lostLeadershipFailsWhatWaitsAndWhatIsRefused() {
        start();
        var inFlight = create("a");
        loop.run();
        var waiting = create("b");
        loop.run();

        log.follow(2);
        loop.run();
        assertFailed(waiting, ErrorCode.NOT_CONTROLLER);
        assertThat(isDone(inFlight)).isFalse();

        log.refuse();
        loop.run();
        assertFailed(inFlight, ErrorCode.NOT_CONTROLLER);
        assertThat(topics()).isEmpty();
    }

    @Test
    void whatTheDiskDidNotTakeIsToldWithItsReason() {
        start();
        var refused = create("a");
        loop.run();

        log.proposals().remove(0).stage().completeExceptionally(new StorageException.Full("no space left", null));
        log.lead();
        loop.run();

        assertFailed(refused, ErrorCode.KAFKA_STORAGE_ERROR);
        assertThatThrownBy(() -> refused.toCompletableFuture().join()).hasMessageContaining("no space left");
        var later = create("b");
        loop.run();
        commit();
        assertCreated(later);
    }

    @Test
    void proposalInDoubtStopsDecisionsUntilTheNextLeadership() {
        start();
        var inDoubt = create("a");
        loop.run();

        log.proposals().remove(0).stage().completeExceptionally(new IllegalStateException("disk"));
        loop.run();
        assertFailed(inDoubt, ErrorCode.NOT_CONTROLLER);
        var refused = create("b");
        loop.run();
        assertFailed(refused, ErrorCode.NOT_CONTROLLER);

        log.lead();
        loop.run();
        var taken = create("c");
        loop.run();
        commit();
        assertCreated(taken);
    }

    @Test
    void proposalInDoubtEndsNoLeadershipThatCameAfterIt() {
        start();
        var inFlight = create("a");
        loop.run();
        var proposal = log.proposals().remove(0);
        log.lead();
        loop.run();

        proposal.stage().completeExceptionally(new IllegalStateException("the leadership ended before"));
        loop.run();

        assertFailed(inFlight, ErrorCode.NOT_CONTROLLER);
        var later = create("b");
        loop.run();
        commit();
        assertCreated(later);
    }

    @Test
    void proposalsCarryTheEpochOfTheLeadership() {
        start();
        log.lead();
        loop.run();

        var reply = create("orders");
        loop.run();

        assertThat(isDone(reply)).isFalse();
        assertThat(log.proposals().get(0).epoch()).isEqualTo(2);
    }

    @Test
    void tooManyWaitingRequestsAreRefused() {
        start();
        create("in flight");
        loop.run();
        for (int i = 0; i < 5; i++) {
            create("waiting" + i);
        }

        var refused = create("one too many");

        assertFailed(refused, ErrorCode.REQUEST_TIMED_OUT);
        loop.run();
        commit();
        assertThat(isDone(create("room again"))).isFalse();
    }

    @Test
    void requestWhoseChangesTakeTooManyBytesIsRefusedAndTheOthersGoOn() {
        controller = controller(config(Optional.empty(), new Limits(5, 100, 4_000, 1_000)));
        start();
        var busy = create("busy");
        loop.run();
        var before = create("before");
        var tooLarge = create("too-large", 90);
        var after = create("after");
        loop.run();

        commit();
        assertFailed(tooLarge, ErrorCode.POLICY_VIOLATION);
        commit();

        assertCreated(busy);
        assertCreated(before);
        assertCreated(after);
        assertThat(topics()).containsExactly("after", "before", "busy");
    }

    @Test
    void proposalTakesNoFurtherRequestOnceItHasManyBytes() {
        controller = controller(config(Optional.empty(), new Limits(5, 100, 4_000, 1_000)));
        start();
        var busy = create("busy");
        loop.run();
        var first = create("first", 30);
        var second = create("second", 30);
        var third = create("third", 30);
        loop.run();

        commit();
        commit();
        assertCreated(busy);
        assertCreated(first);
        assertCreated(second);
        assertThat(isDone(third)).isFalse();

        commit();
        assertCreated(third);
    }

    @Test
    void followerPublishesOnceForEverythingOld() {
        controller.start();
        log.listener().committed(0, List.of());
        log.listener().committed(1, List.of());
        loop.run();
        assertThat(listener.deltas()).isEmpty();

        log.follow(2);
        loop.run();

        assertThat(listener.deltas()).hasSize(1);
        assertThat(listener.endOffset()).isEqualTo(2);
    }

    @Test
    void recordThatCannotBeReadStopsTheController() {
        start();
        var waiting = create("a");
        loop.run();

        log.listener().committed(100, List.of(ByteBuffer.wrap(new byte[] {0, 99, 0, 0})));
        loop.run();

        assertThat(listener.failure()).isInstanceOf(UnreadableRecordException.class);
        assertFailed(waiting, ErrorCode.NOT_CONTROLLER);
        var late = create("b");
        loop.run();
        assertFailed(late, ErrorCode.NOT_CONTROLLER);
    }

    @Test
    void snapshotIsKeptAfterSoManyRecords() {
        controller = controller(config(Optional.empty(), new Limits(5, 100, 1 << 20, 4)));
        start();

        var offsets = List.copyOf(log.snapshots());

        assertThat(offsets).isEqualTo(List.of(4L));
        for (int i = 0; i < 2; i++) {
            var reply = create("topic" + i);
            loop.run();
            commit();
            assertCreated(reply);
        }
        assertThat(log.snapshots()).hasSize(2).endsWith(listener.endOffset());
    }

    @Test
    void silentBrokerIsFencedWhenItsSessionEnds() {
        controller = controller(config(Optional.of(Duration.ofSeconds(9)), new Limits(5, 100, 1 << 20, 1_000)));
        start();
        for (int second = 0; second < 9; second += 3) {
            clock.advance(Duration.ofSeconds(3));
            assertThat(listener.image().isActive(1)).isTrue();
            Objects.requireNonNull(timers.poll()).run();
            loop.run();
        }

        commit();

        assertThat(listener.image().isActive(1)).isFalse();
        assertThat(timers).hasSize(1);
    }

    @Test
    void requestThatIsNotTheControllersIsRefused() {
        var reply = controller.submit(HeartbeatRequest.builder().build(), ResponseMessage.class);

        assertFailed(reply, ErrorCode.UNSUPPORTED_VERSION);
    }

    @Test
    void closeFailsEverything() {
        start();
        var inFlight = create("a");
        loop.run();
        var waiting = create("b");
        loop.run();

        controller.close();
        loop.run();

        assertFailed(inFlight, ErrorCode.NOT_CONTROLLER);
        assertFailed(waiting, ErrorCode.NOT_CONTROLLER);
        var late = create("c");
        loop.run();
        assertFailed(late, ErrorCode.NOT_CONTROLLER);
    }

    @Test
    void requestAfterTheLoopHasClosedFails() {
        start();
        loop.close();

        assertFailed(create("a"), ErrorCode.NOT_CONTROLLER);
        controller.close();
    }
}
