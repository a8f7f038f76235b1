package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.ProcessingConfig;
import io.thalweg.api.ProducerConfig;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.api.ThalwegException;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transport that is closed before the client it was lent to: the wrong order, after which nothing waits all the same. */
@Timeout(60)
final class TransportClosedFirstTest {

    private static final ProducerRecord<String, String> RECORD = ProducerRecord.of(ScriptedBroker.TOPIC, "value");
    private static final TopicPartition PARTITION = new TopicPartition(ScriptedBroker.TOPIC, 0);
    private static final Subscription<String, String> SUBSCRIPTION = Subscription.builder(
                    "readers", Serde.string(), Serde.string(), ScriptedBroker.TOPIC)
            .build();

    private final ScriptedBroker broker = ScriptedBroker.open(1);
    private final Thalweg client = WireClient.over(broker.network(), ClientConfig.of("broker:9092"));

    @AfterEach
    void closesWithoutWaiting() {
        client.close();
    }

    private CountDownLatch silenceOn(ApiKey api) {
        var asked = new CountDownLatch(1);
        broker.on(api, (version, request) -> {
            asked.countDown();
            return ScriptedBroker.NO_ANSWER;
        });
        return asked;
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Long before a request, a record or a poll would time out. */
    private static void assertClosed(CompletionStage<?> stage) {
        assertThatThrownBy(() -> soon(stage))
                .hasCauseInstanceOf(ThalwegException.Closed.class)
                .hasMessageContaining("the client is closed, or the transport that it was lent");
    }

    private static <T> T soon(CompletionStage<T> stage) throws ExecutionException {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> CompletionStage<T> inThread(Callable<T> call) {
        var result = new CompletableFuture<T>();
        var thread = new Thread(() -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    @Test
    void recordsThatWaitForAnAnswerFail() throws InterruptedException {
        var asked = silenceOn(ApiKey.PRODUCE);
        var producer = client.producer(Serde.string(), Serde.string());
        var sent = producer.send(RECORD);
        await(asked);

        broker.network().close();

        assertClosed(sent);
        assertClosed(producer.send(RECORD));
        assertClosed(client.producer(Serde.string(), Serde.string()).send(RECORD));
        producer.close();
    }

    @Test
    void recordsThatLingerFail() throws ExecutionException {
        var config = ProducerConfig.builder().linger(Duration.ofDays(1)).build();
        var producer = client.producer(Serde.string(), Serde.string(), config);
        var sent = producer.send(RECORD);

        broker.network().close();

        assertClosed(sent);
        assertThat(soon(producer.flush())).isNull();
        producer.close();
    }

    @Test
    void recordsOfATopicThatIsNotKnownFail() throws InterruptedException {
        var asked = silenceOn(ApiKey.METADATA);
        var producer = client.producer(Serde.string(), Serde.string());
        var sent = inThread(() -> Thalweg.await(producer.send(RECORD)));
        await(asked);

        broker.network().close();

        assertClosed(sent);
        producer.close();
    }

    @Test
    void recordsThatAreSentLaterFailThoughTheirTopicIsKnown() {
        var config = ProducerConfig.builder().linger(Duration.ofDays(1)).build();
        var first = client.producer(Serde.string(), Serde.string(), config);
        var unused = first.send(RECORD);
        broker.network().close();

        var made = client.producer(Serde.string(), Serde.string(), config);

        assertClosed(made.send(RECORD));
        assertClosed(made.send(RECORD));
        made.close();
    }

    @Test
    void aPollOfPartitionsEnds() throws Exception {
        var asked = silenceOn(ApiKey.FETCH);
        var reader = client.reader(Serde.string(), Serde.string());
        Thalweg.await(reader.assign(Map.of(PARTITION, StartPosition.offset(0))));
        var polled = inThread(() -> reader.poll(Duration.ofDays(1)));
        await(asked);

        broker.network().close();

        assertClosed(polled);
        assertClosed(inThread(() -> reader.poll(Duration.ofDays(1))));
        assertClosed(reader.assign(Map.of(PARTITION, StartPosition.BEGINNING)));
        reader.close();
    }

    @Test
    void aPollOfAMemberEnds() throws InterruptedException {
        var asked = silenceOn(ApiKey.FIND_COORDINATOR);
        var consumer = client.consumer(SUBSCRIPTION);
        var polled = inThread(() -> consumer.poll(Duration.ofDays(1)));
        await(asked);

        broker.network().close();

        assertClosed(polled);
        assertClosed(inThread(() -> consumer.poll(Duration.ofDays(1))));
        assertClosed(consumer.commit(Map.of(PARTITION, 1L)));
        consumer.close();
    }

    @Test
    void aMemberThatComesLaterHearsOfIt() {
        broker.network().close();

        var consumer = client.consumer(SUBSCRIPTION);

        assertClosed(inThread(() -> consumer.poll(Duration.ofDays(1))));
        consumer.close();
    }

    @Test
    void aProcessingEnds() throws InterruptedException {
        var asked = silenceOn(ApiKey.FIND_COORDINATOR);
        var processing = client.process(SUBSCRIPTION, ProcessingConfig.DEFAULT, record -> {});
        await(asked);

        broker.network().close();

        assertClosed(processing.ended());
        processing.close();
    }

    @Test
    void whatIsAskedOfTheClusterFails() throws InterruptedException {
        var asked = silenceOn(ApiKey.METADATA);
        var answer = client.admin().cluster();
        await(asked);

        broker.network().close();

        assertClosed(answer);
        assertClosed(client.admin().topics());
    }

    @Test
    void whatIsTriedAgainFails() throws InterruptedException {
        var asked = new CountDownLatch(3);
        broker.on(ApiKey.METADATA, (version, request) -> {
            asked.countDown();
            return null;
        });
        var answer = client.admin().cluster();
        await(asked);

        broker.network().close();

        assertClosed(answer);
    }
}
