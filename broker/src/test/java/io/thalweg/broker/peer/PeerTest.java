package io.thalweg.broker.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.broker.runtime.ThreadTimers;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.protocol.message.ResponseHeader;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PeerTest {

    private static final short VERSION = 4;
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(50);

    private final InProcessNetwork network = InProcessNetwork.open();
    private final ThreadTimers timers = new ThreadTimers("peer-test-timers");
    private final OneThread owner = new OneThread();
    private final PeerRuntime runtime = new PeerRuntime(network, new SystemClock(), timers, "broker-1");
    private final CopyOnWriteArrayList<String> asked = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<Connection> accepted = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        network.close();
        timers.close();
        owner.thread.shutdownNow();
    }

    @Test
    void answersComeInOrderOnTheOwnersEventLoop() {
        listen("broker", 1);
        var peer = peer(1);

        // On the owner's own event loop nothing can be answered before somebody listens.
        var first = CompletableFuture.supplyAsync(
                        () -> heartbeat(peer, "a").thenApply(answer -> answer + " current " + owner.isCurrent()), owner)
                .thenCompose(stage -> stage);
        join(first);
        var second = heartbeat(peer, "b");

        assertThat(join(first)).isEqualTo("a current true");
        assertThat(join(second)).isEqualTo("b");
        assertThat(asked).containsExactly("a", "b");
        assertThat(accepted).hasSize(1);
    }

    @Test
    void anAnswerHoldsItsFrameUntilItIsClosed() {
        listen("broker", 1);
        var answer = join(peer(1).send(request("a"), VERSION, HeartbeatResponse.class, LONG_NANOS));

        assertThat(network.openFrameCount()).isEqualTo(1);
        answer.close();
        assertThat(network.openFrameCount()).isZero();
    }

    @Test
    void aBrokerThatIsNotThereFailsTheRequestAndIsFoundOnceItIs() {
        var peer = peer(1);
        assertThatThrownBy(() -> join(heartbeat(peer, "a")))
                .hasCauseInstanceOf(PeerException.class)
                .hasMessageContaining("broker:1 cannot be reached");

        listen("broker", 1);

        assertThat(join(heartbeat(peer, "b"))).isEqualTo("b");
    }

    @Test
    void aLostConnectionFailsWhatWasSentAndIsMadeAgain() {
        listen("broker", 1);
        var peer = peer(1);
        assertThat(join(heartbeat(peer, "a"))).isEqualTo("a");

        var unanswered = heartbeat(peer, "hang up");

        assertThatThrownBy(() -> join(unanswered)).hasCauseInstanceOf(PeerException.class);
        assertThat(join(heartbeat(peer, "b"))).isEqualTo("b");
        assertThat(accepted).hasSize(2);
    }

    @Test
    void aRequestThatIsNotAnsweredInTimeEndsTheConnection() {
        listen("broker", 1);
        var peer = peer(1);

        var late =
                peer.call(request("keep silent"), VERSION, HeartbeatResponse.class, TimeUnit.MILLISECONDS.toNanos(1));

        assertThatThrownBy(() -> join(late)).hasCauseInstanceOf(PeerException.class);
        assertThat(join(heartbeat(peer, "b"))).isEqualTo("b");
    }

    @Test
    void aClosedPeerFailsWhatWaitsAndWhatIsSentLater() {
        listen("broker", 1);
        var peer = peer(1);
        var waiting = heartbeat(peer, "keep silent");

        peer.close();

        assertThatThrownBy(() -> join(waiting)).hasMessageContaining("is closed");
        assertThatThrownBy(() -> join(heartbeat(peer, "b"))).hasMessageContaining("is closed");
    }

    private Peer peer(int port) {
        return new Peer(runtime, owner, new Endpoint("broker", port));
    }

    private static HeartbeatRequest request(String group) {
        return HeartbeatRequest.builder().groupId(group).build();
    }

    /** Completes with the name that was asked for, which the broker answers by its length. */
    private static CompletionStage<String> heartbeat(Peer peer, String group) {
        return peer.call(request(group), VERSION, HeartbeatResponse.class, LONG_NANOS)
                .thenApply(answer -> {
                    assertThat(answer.throttleTimeMillis()).isEqualTo(group.hashCode());
                    return group;
                });
    }

    private static <T> T join(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().orTimeout(50, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new IllegalStateException(e.getMessage(), e.getCause());
        }
    }

    private Listener listen(String host, int port) {
        return join(network.listen(new Endpoint(host, port), TransportLimits.DEFAULT, connection -> {
            accepted.add(connection);
            return new Answering(connection);
        }));
    }

    /** A broker that knows heartbeats. */
    private final class Answering implements ConnectionHandler {

        private final Connection connection;

        Answering(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void received(Frame frame) {
            var reader = new MessageReader(frame.bytes());
            var header = RequestHeader.read(reader, ApiKey.HEARTBEAT.requestHeaderVersion(VERSION));
            var group = HeartbeatRequest.read(reader, VERSION).groupId();
            frame.close();
            asked.add(group);
            if (group.equals("hang up")) {
                connection.close();
            } else if (!group.equals("keep silent")) {
                answer(header.correlationId(), group);
            }
        }

        private void answer(int correlationId, String group) {
            var response = HeartbeatResponse.builder()
                    .throttleTimeMillis(group.hashCode())
                    .build();
            var header = new ResponseHeader(correlationId);
            var headerVersion = ApiKey.HEARTBEAT.responseHeaderVersion(VERSION);
            var out = connection.newFrame(header.sizeInBytes(headerVersion) + response.sizeInBytes(VERSION));
            var writer = new MessageWriter(out.buffer());
            header.write(writer, headerVersion);
            response.write(writer, VERSION);
            connection.send(out);
        }

        @Override
        public void writabilityChanged(boolean writable) {}

        @Override
        public void closed(@Nullable Throwable cause) {}
    }

    private static final class OneThread implements EventLoop {

        private volatile @Nullable Thread current;
        private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
            var made = new Thread(task, "peer-test-owner");
            made.setDaemon(true);
            current = made;
            return made;
        });

        @Override
        public boolean isCurrent() {
            return Thread.currentThread() == current;
        }

        @Override
        public void execute(Runnable task) {
            thread.execute(task);
        }
    }
}
