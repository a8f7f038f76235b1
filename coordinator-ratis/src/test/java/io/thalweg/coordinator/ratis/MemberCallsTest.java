package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.tck.runtime.RealRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeerId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemberCallsTest {

    private static final RaftPeerId VOTER = QuorumPeers.id(3);
    private static final int LIMIT_MILLIS = 20_000;

    private final RealRuntime runtime = new RealRuntime();

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void aVoterThatHasMovedIsAskedWhereItIs(@TempDir Path directory) throws Exception {
        try (var before = listening();
                var after = listening()) {
            var group = new AtomicReference<>(groupAt(before));
            try (var calls = new MemberCalls(settings(directory), group::get, runtime)) {
                ask(calls);
                before.accept().close();
                group.set(groupAt(after));

                ask(calls);

                assertThatCode(() -> after.accept().close()).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void aVoterThatIsBackIsAskedAgainThoughAnotherOneAnsweredMeanwhile(@TempDir Path directory) throws Exception {
        try (var rig = new QuorumRig(directory, 3);
                var two = HeardVoter.of(rig.open(2));
                var three = HeardVoter.of(rig.open(3));
                var calls = new MemberCalls(settings(directory), () -> QuorumPeers.group(rig.voters()), runtime)) {
            try (var one = HeardVoter.of(rig.open(1))) {
                for (var voter : List.of(one, two, three)) {
                    voter.leader();
                }
                awaitAnswer(calls, 1);
            }
            assertThat(isAnswered(calls, 1)).isFalse();

            try (var again = HeardVoter.of(rig.open(1))) {
                again.leader();
                awaitAnswer(calls, 1);
            }
        }
    }

    /** Another one is asked each time before. */
    private static void awaitAnswer(MemberCalls calls, int voter) {
        await().atMost(Duration.ofMillis(LIMIT_MILLIS)).until(() -> {
            isAnswered(calls, 2);
            return isAnswered(calls, voter);
        });
    }

    private static boolean isAnswered(MemberCalls calls, int voter) {
        return calls.ask(QuorumPeers.id(voter), ObserverCodec.encodeForVoters())
                .handle((bytes, failure) -> bytes != null)
                .toCompletableFuture()
                .join();
    }

    private static void ask(MemberCalls calls) {
        assertThat(calls.ask(VOTER, new byte[1])).isNotNull();
    }

    private static QuorumSettings settings(Path directory) {
        return QuorumSettings.of(ConfigValues.of(Map.of("log.dirs", directory.toString())));
    }

    /** What takes connections and says nothing. */
    private static ServerSocket listening() throws IOException {
        var socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(LIMIT_MILLIS);
        return socket;
    }

    private static RaftGroup groupAt(ServerSocket socket) {
        return QuorumPeers.group(List.of(new QuorumVoter(3, new Endpoint("127.0.0.1", socket.getLocalPort()))));
    }
}
