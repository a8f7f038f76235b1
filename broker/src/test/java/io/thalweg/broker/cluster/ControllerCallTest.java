package io.thalweg.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.metadata.BrokerConfigSchema;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.peer.PeerRuntime;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.coordinator.controller.ControllerConfig;
import io.thalweg.coordinator.controller.ControllerException;
import io.thalweg.coordinator.controller.ControllerRuntime;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.AskableLog;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.transport.TransportContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Broker 1 asks controller 9, which is no broker, over the metadata quorum; everything on the test's thread. */
final class ControllerCallTest {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final PlayedWorld world = new PlayedWorld();
    private final InProcessNetwork network = InProcessNetwork.open(new TransportContext("unused", 1));
    private final Quorum quorum = new Quorum();
    private final MetadataFollower follower = follower(world);
    private final ClusterControllerChannel channel = new ClusterControllerChannel(
            new ClusterControllerChannel.Wiring(
                    controller(),
                    follower,
                    new PeerRuntime(network, world, world, "broker-1"),
                    world,
                    "PLAINTEXT",
                    quorum),
            LIMIT_NANOS);

    private static MetadataFollower follower(PlayedWorld world) {
        var follower = world.metadata();
        follower.leadership(new Leadership(OptionalInt.of(9), 3, false));
        return follower;
    }

    private Controller controller() {
        var catalog = ConfigCatalog.ofBroker(List.of());
        return new Controller(
                new ControllerRuntime(world, world, world, new Random(1)),
                ControllerConfig.defaults(),
                quorum,
                new BrokerConfigSchema(1, catalog, ConfigValues.empty(), true),
                follower);
    }

    @AfterEach
    void close() {
        network.close();
    }

    private CompletableFuture<BrokerHeartbeatResponse> call() {
        var request = BrokerHeartbeatRequest.builder().brokerId(1).build();
        return channel.call(request, BrokerHeartbeatResponse.class).toCompletableFuture();
    }

    @Test
    void anAnswerThatCannotBeUnderstoodIsTheEnd() {
        var answered = call();

        quorum.answer.complete(ByteBuffer.wrap(new byte[] {0}));

        assertThat(answered).isCompletedExceptionally();
    }

    @Test
    void aQuestionThatCannotBeAskedIsTheEnd() {
        quorum.canBeAsked = false;

        assertThat(call()).isCompletedExceptionally();
    }

    @Test
    void aQuestionThatNobodyAnswersEndsInTime() {
        var answered = call();
        assertThat(answered).isNotDone();

        world.pass(LIMIT_NANOS - 1);
        assertThat(answered).isNotDone();
        world.pass(1);

        assertThat(answered).isCompletedExceptionally();
        assertThatThrownBy(answered::join)
                .cause()
                .isInstanceOfSatisfying(
                        ControllerException.class,
                        failure -> assertThat(failure.error()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT));
    }

    @Test
    void nothingIsLeftWaitingByAnAnswer() {
        var answered = call();

        var reply = Envelopes.enclose(
                BrokerHeartbeatRequest.builder().build().apiKey(),
                BrokerHeartbeatResponse.builder().build(),
                BrokerHeartbeatRequest.builder().build().apiKey().maxStableVersion());
        quorum.answer.complete(ByteBuffer.allocate(2 + reply.remaining())
                .putShort(ErrorCode.NONE.code())
                .put(reply)
                .flip());

        assertThat(answered).isCompleted();
        assertThat(world.isIdle()).isTrue();
    }

    /** A way to the controller, with one answer. */
    private static final class Quorum implements AskableLog {

        private final CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
        private boolean canBeAsked = true;

        @Override
        public CompletionStage<ByteBuffer> ask(int voter, ByteBuffer question) {
            if (!canBeAsked) {
                throw new NoSuchMethodError("wanted by the test");
            }
            return answer;
        }

        @Override
        public void answerBy(Function<ByteBuffer, CompletionStage<ByteBuffer>> answers) {}

        @Override
        public CompletionStage<Long> propose(int leaderEpoch, List<ByteBuffer> records) {
            throw new IllegalStateException("this node does not lead");
        }

        @Override
        public void subscribe(MetadataListener listener) {}

        @Override
        public CompletionStage<Void> snapshot(long endOffset, List<ByteBuffer> records) {
            throw new IllegalStateException("nothing is in this log");
        }

        @Override
        public CompletionStage<Long> barrier() {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public QuorumState quorum() {
            return new QuorumState(new Leadership(OptionalInt.of(9), 3, false), 0, List.of(), List.of());
        }

        @Override
        public void close() {}
    }
}
