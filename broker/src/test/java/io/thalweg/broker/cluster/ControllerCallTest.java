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
import io.thalweg.coordinator.metadata.BrokerEndpoint;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.AskableLog;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Broker 1 asks controller 9, which is no broker, over the metadata quorum; everything on the test's thread. */
final class ControllerCallTest {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final PlayedWorld world = new PlayedWorld();
    private final Silence network = new Silence();
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
    void whoAsksALeaderThatIsFrozenAsksTheNext() {
        var answered = call();

        follower.leadership(new Leadership(OptionalInt.of(9), 4, false));
        follower.leadership(new Leadership(OptionalInt.empty(), 5, false));
        world.pass(ClusterControllerChannel.RETRY_NANOS);
        assertThat(quorum.asked).containsExactly(9);
        follower.leadership(new Leadership(OptionalInt.of(8), 6, false));
        world.pass(ClusterControllerChannel.RETRY_NANOS);

        assertThat(quorum.asked).containsExactly(9, 8);
        assertThat(answered).isNotDone();
    }

    @Test
    void soDoesWhoAsksABroker() {
        var image = MetadataImage.EMPTY.with(broker(7)).with(broker(8));
        follower.published(image.since(MetadataImage.EMPTY), 1);
        follower.leadership(new Leadership(OptionalInt.of(7), 4, false));
        var answered = call();
        assertThat(network.asked).containsExactly(new Endpoint("n7", 9092));

        follower.leadership(new Leadership(OptionalInt.empty(), 5, false));
        world.pass(ClusterControllerChannel.RETRY_NANOS);
        assertThat(network.asked).hasSize(1);
        follower.leadership(new Leadership(OptionalInt.of(8), 6, false));
        world.pass(ClusterControllerChannel.RETRY_NANOS);

        assertThat(network.asked).containsExactly(new Endpoint("n7", 9092), new Endpoint("n8", 9092));
        assertThat(answered).isNotDone();
    }

    private static BrokerImage broker(int id) {
        var endpoint = new BrokerEndpoint("PLAINTEXT", "n" + id, 9092, (short) 0);
        return new BrokerImage(id, new UUID(0, id), id, List.of(endpoint), List.of(), null, false);
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

    /** Where nobody answers. */
    private static final class Silence implements Transport {

        private final List<Endpoint> asked = new ArrayList<>();

        @Override
        public CompletionStage<Listener> listen(
                Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
            throw new IllegalStateException("nobody listens in this test");
        }

        @Override
        public CompletionStage<Connection> connect(
                Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
            asked.add(endpoint);
            return new CompletableFuture<>();
        }

        @Override
        public ConnectingLoop openLoop(String name) {
            throw new IllegalStateException("nobody has a loop in this test");
        }

        @Override
        public void close() {}
    }

    /** A way to the controller, with one answer. */
    private static final class Quorum implements AskableLog {

        private final CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
        private final List<Integer> asked = new ArrayList<>();
        private boolean canBeAsked = true;

        @Override
        public CompletionStage<ByteBuffer> ask(int voter, ByteBuffer question) {
            if (!canBeAsked) {
                throw new NoSuchMethodError("wanted by the test");
            }
            asked.add(voter);
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
