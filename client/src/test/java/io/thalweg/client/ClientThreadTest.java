package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.RecordMetadata;
import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.spi.transport.ConnectingLoop;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What applications do in functions that they put on stages, which run on the client's one thread. */
@Timeout(60)
final class ClientThreadTest {

    private static final ProducerRecord<String, String> RECORD = ProducerRecord.of(ScriptedBroker.TOPIC, "value");

    private final ScriptedBroker broker = ScriptedBroker.open(1);
    private final ConnectingLoop loop = broker.network().openLoop("client");
    private final Thalweg client =
            WireClient.on(new ClientRuntime(loop, new MachineClock(), new Random()), ClientConfig.of("broker:9092"));

    ClientThreadTest() {
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, 0));
    }

    @AfterEach
    void close() {
        client.close();
        broker.close();
    }

    private static <T> T soon(CompletionStage<T> stage) throws ExecutionException {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** What the call gives on the client's thread, where functions on its stages run. */
    private <T> CompletionStage<T> onClientsThread(Callable<T> call) {
        var result = new CompletableFuture<T>();
        loop.execute(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void assertRefused(Callable<?> call) {
        assertThatThrownBy(() -> soon(onClientsThread(call)))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the client's own thread must not wait");
    }

    @Test
    void waitingThereForAStageIsRefused() {
        try (var producer = client.producer(Serde.string(), Serde.string())) {
            assertRefused(() -> Thalweg.await(producer.send(RECORD)));
            assertRefused(() -> Thalweg.await(producer.send(RECORD).thenApply(Function.identity())));
            assertRefused(() -> {
                var unused = producer.send(RECORD);
                return Thalweg.await(producer.flush());
            });
            assertRefused(() -> Thalweg.await(client.admin().topics()));
            assertRefused(() -> client.admin().topics().toCompletableFuture().join());
            assertRefused(() -> client.admin().topics().toCompletableFuture().get(1, TimeUnit.DAYS));
            assertRefused(() -> producer.sendAndWait(RECORD));
        }
    }

    @Test
    void waitingThereForRecordsIsRefusedAndAskingForThemIsNot() throws ExecutionException {
        try (var reader = client.reader(Serde.string(), Serde.string())) {
            assertRefused(() -> reader.poll(Duration.ofDays(1)));

            assertThat(soon(onClientsThread(() -> reader.poll(Duration.ZERO)))).isEmpty();
        }
        var subscription = Subscription.builder("readers", Serde.string(), Serde.string(), ScriptedBroker.TOPIC)
                .build();
        try (var consumer = client.consumer(subscription)) {
            assertRefused(() -> consumer.poll(Duration.ofDays(1)));
        }
    }

    @Test
    void whatIsDoneThereIsGivenWithoutWaiting() throws ExecutionException {
        try (var producer = client.producer(Serde.string(), Serde.string())) {
            var written = producer.send(RECORD);

            var seen = soon(written.thenApply(metadata -> Thalweg.await(written)));

            assertThat(seen).isEqualTo(soon(written));
        }
    }

    @Test
    void askingThereWithoutWaitingIsNotRefused() {
        assertThatThrownBy(() -> soon(onClientsThread(
                        () -> client.admin().topics().toCompletableFuture().get(0, TimeUnit.SECONDS))))
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void recordsAreSentThereWithoutWaiting() throws ExecutionException {
        try (var producer = client.producer(Serde.string(), Serde.string())) {
            var second = soon(producer.send(RECORD).thenApply(first -> producer.send(RECORD)));

            assertThat(soon(second)).isInstanceOf(RecordMetadata.class);
        }
    }

    @Test
    void everythingMayBeClosedThere() throws ExecutionException {
        var producer = client.producer(Serde.string(), Serde.string());
        var reader = client.reader(Serde.string(), Serde.string());

        soon(onClientsThread(() -> {
            producer.close();
            reader.close();
            client.close();
            return true;
        }));

        assertThatThrownBy(() -> producer.send(RECORD)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFunctionThatBlocksHoldsUpItsClientOnly() throws ExecutionException {
        var isOver = new CountDownLatch(1);
        var blocked = onClientsThread(() -> isOver.await(20, TimeUnit.SECONDS));

        try (var other = WireClient.over(broker.network(), ClientConfig.of("broker:9092"))) {
            assertThat(soon(other.admin().cluster()).brokers()).hasSize(1);
        }
        isOver.countDown();

        assertThat(soon(blocked)).isTrue();
    }

    @Test
    void aFunctionMayWaitForAnotherClient() throws ExecutionException {
        try (var other = WireClient.over(broker.network(), ClientConfig.of("broker:9092"))) {
            var brokers =
                    onClientsThread(() -> Thalweg.await(other.admin().cluster()).brokers());

            assertThat(soon(brokers)).hasSize(1);
        }
    }
}
