package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.fetch;
import static io.thalweg.broker.request.Requests.fetchPartition;
import static io.thalweg.broker.request.Requests.fetchTopic;
import static io.thalweg.broker.request.Requests.only;
import static io.thalweg.broker.request.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.ApiVersionsRequest;
import io.thalweg.protocol.message.DescribeClusterRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.message.RequestHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientConnectionTest {

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void pipelinedProducesAreAnsweredInTheirOrder() {
        var topic = broker.createTopic("orders", 4);
        var answers = new ArrayList<CompletableFuture<ResponseMessage>>();

        for (var i = 0; i < 400; i++) {
            answers.add(client.send(produce(topic, i % 4, Requests.ALL, batch("value " + i)), 9));
        }

        for (var i = 0; i < 400; i++) {
            var answer = only((ProduceResponse) TestClient.get(answers.get(i)));
            assertThat(answer.errorCode()).isZero();
            assertThat(answer.baseOffset()).isEqualTo(i / 4);
        }
    }

    @Test
    void aRequestBehindAWaitingFetchIsAnsweredAfterIt() {
        var topic = broker.createTopic("orders", 1);
        var waiting = client.send(
                fetch(fetchTopic(topic, fetchPartition(0, 0)))
                        .maxWaitMillis(60_000)
                        .build(),
                12);
        var behind = client.send(MetadataRequest.builder().topics(null).build(), 9);

        var other = broker.client();
        other.call(produce(topic, 0, Requests.ALL, batch("wakes the fetch")), 9, ProduceResponse.class);

        assertThat(Requests.values(only((FetchResponse) TestClient.get(waiting))))
                .containsExactly("wakes the fetch");
        assertThat(((MetadataResponse) TestClient.get(behind)).topics()).hasSize(1);
    }

    @Test
    void aRequestBehindAProduceWaitsUntilThatIsAnswered() {
        var topic = broker.createTopic("orders", 1);
        broker.engine().holdCommits();
        var produced = client.send(produce(topic, 0, Requests.ALL, batch("held")), 9);
        var behind = client.send(fetch(fetchTopic(topic, fetchPartition(0, 0))).build(), 12);

        await().until(() -> broker.engine().heldCount() == 1);
        assertThat(behind).isNotDone();
        broker.engine().releaseCommits();

        assertThat(only((ProduceResponse) TestClient.get(produced)).errorCode()).isZero();
        assertThat(Requests.values(only((FetchResponse) TestClient.get(behind))))
                .containsExactly("held");
    }

    @ParameterizedTest
    @ValueSource(shorts = {4, 5, 6, 7, 62, 63, 67, 58, 56, 8, 11, 500, -1})
    void anApiThatIsNotAnsweredClosesTheConnection(short key) {
        var frame = ByteBuffer.allocate(32);
        new RequestHeader(key, (short) 0, 1, "test").write(new MessageWriter(frame), (short) 1);

        var answer = client.sendBytes(frame.flip());

        client.awaitClosed();
        assertThatThrownBy(() -> TestClient.get(answer)).hasMessageContaining("closed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0:2", "0:14", "1:3", "1:19", "3:14", "2:0", "22:6", "0:-1"})
    void aVersionThatIsNotOfferedClosesTheConnection(String keyAndVersion) {
        var parts = keyAndVersion.split(":", -1);
        var frame = ByteBuffer.allocate(64);
        var header = new RequestHeader(Short.parseShort(parts[0]), Short.parseShort(parts[1]), 1, "test");
        header.write(new MessageWriter(frame), (short) 1);

        client.sendOnly(frame.position(64).flip());

        client.awaitClosed();
        assertThat(client.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 8, 11})
    void aFrameTooShortForAHeaderClosesTheConnection(int bytes) {
        var frame = ByteBuffer.allocate(bytes);
        if (bytes >= 4) {
            frame.putShort(0, ApiKey.METADATA.id()).putShort(2, (short) 9);
        }

        client.sendOnly(frame);

        client.awaitClosed();
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aRequestThatIsCutAnywhereClosesTheConnectionAndNoOther() {
        var topic = broker.createTopic("orders", 1);
        var whole = client.frameOf(produce(topic, 0, Requests.ALL, batch("value")), 9);
        for (var length = 0; length < whole.limit() - 1; length += 7) {
            var victim = broker.client();
            victim.sendOnly(whole.duplicate().limit(length));
            victim.awaitClosed();
        }

        assertThat(client.call(MetadataRequest.builder().topics(null).build(), 9, MetadataResponse.class)
                        .topics())
                .hasSize(1);
        broker.awaitNoOpenFrames();
    }

    @Test
    void randomBytesNeverLeakAFrameNorHarmOthers() {
        var topic = broker.createTopic("orders", 2);
        Seeds.run(300, random -> {
            var victim = broker.client();
            var frame = random.nextInt(3) == 0
                    ? garbage(random.nextInt(200), random)
                    : mutated(
                            victim.frameOf(
                                    random.nextBoolean()
                                            ? produce(topic, 0, Requests.ALL, batch("value"))
                                            : fetch(fetchTopic(topic, fetchPartition(0, 0)))
                                                    .build(),
                                    12),
                            random);
            victim.sendOnly(frame);
            victim.close();
        });

        broker.awaitNoOpenFrames();
        assertThat(client.call(produce(topic, 1, Requests.ALL, batch("value")), 12, ProduceResponse.class)
                        .responses())
                .hasSize(1);
    }

    private static ByteBuffer garbage(int length, RandomGenerator random) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static ByteBuffer mutated(ByteBuffer frame, RandomGenerator random) {
        for (var i = random.nextInt(1, 6); i > 0; i--) {
            frame.put(random.nextInt(frame.limit()), (byte) random.nextInt());
        }
        return frame;
    }

    @Test
    void aHandlerThatThrowsClosesTheConnection() {
        broker.cluster.breakDown();

        client.sendOnly(DescribeClusterRequest.builder().build(), 0);

        client.awaitClosed();
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void drainingAnswersWhatIsBegunAndThenCloses() {
        var topic = broker.createTopic("orders", 1);
        broker.engine().holdCommits();
        var begun = client.send(produce(topic, 0, Requests.ALL, batch("begun")), 9);
        await().until(() -> broker.engine().heldCount() == 1);
        var connection = broker.connections().get(0);
        var drained = new CompletableFuture<Void>();
        connection.eventLoop().execute(() -> {
            connection.drain();
            drained.complete(null);
        });
        TestClient.get(drained);
        var late = client.send(ApiVersionsRequest.builder().build(), 0);

        assertThat(begun).isNotDone();
        broker.engine().releaseCommits();

        assertThat(only((ProduceResponse) TestClient.get(begun)).errorCode()).isZero();
        client.awaitClosed();
        assertThatThrownBy(() -> TestClient.get(late)).hasMessageContaining("closed");
    }

    @Test
    void drainingAnIdleConnectionClosesIt() {
        client.call(MetadataRequest.builder().topics(null).build(), 9, MetadataResponse.class);
        var connection = broker.connections().get(0);

        connection.eventLoop().execute(connection::drain);

        client.awaitClosed();
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void aClientThatLeavesIsNotWaitedFor() {
        var topic = broker.createTopic("orders", 1);
        client.sendOnly(
                fetch(fetchTopic(topic, fetchPartition(0, 0)))
                        .maxWaitMillis(Integer.MAX_VALUE)
                        .build(),
                12);
        client.sendOnly(MetadataRequest.builder().topics(null).build(), 9);

        client.close();

        await().atMost(20, TimeUnit.SECONDS).until(() -> broker.unansweredCount() == 0);
        broker.awaitNoOpenFrames();
    }

    @Test
    void aConnectionTakesMoreRequestsThanItBeginsAtOnce() {
        var topic = broker.createTopic("orders", 1);
        broker.engine().holdCommits();
        var first = client.send(produce(topic, 0, Requests.ALL, batch("held")), 9);
        var answers = new ArrayList<CompletableFuture<ResponseMessage>>();
        for (var i = 0; i < 200; i++) {
            answers.add(client.send(MetadataRequest.builder().topics(null).build(), 9));
        }
        await().until(() -> broker.engine().heldCount() == 1);

        assertThat(broker.openFrameCount()).isLessThan(100);
        broker.engine().releaseCommits();

        TestClient.get(first);
        answers.forEach(TestClient::get);
    }
}
