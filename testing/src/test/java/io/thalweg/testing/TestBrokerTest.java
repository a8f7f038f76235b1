package io.thalweg.testing;

import static io.thalweg.api.Thalweg.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.NewTopic;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Thalweg;
import io.thalweg.api.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class TestBrokerTest {

    private static final Serde<String> TEXT = Serde.string();

    @RegisterExtension
    private final TestBroker inProcess = TestBroker.inProcess();

    @RegisterExtension
    private static final TestBroker ON_PORT = TestBroker.onPort();

    @BeforeAll
    static void createWhatNestedClassesFind() {
        ON_PORT.createTopic("of-the-class", 1);
    }

    private static List<String> read(Thalweg client, String topic, int count) {
        var values = new ArrayList<String>();
        try (var reader = client.reader(TEXT, TEXT)) {
            await(reader.assign(Map.of(new TopicPartition(topic, 0), StartPosition.BEGINNING)));
            while (values.size() < count) {
                reader.poll(Duration.ofSeconds(1)).stream()
                        .map(ConsumerRecord::value)
                        .forEach(values::add);
            }
        }
        return values;
    }

    @Test
    void recordsOutliveARestart() {
        inProcess.createTopic("flights", 1);
        try (var producer = inProcess.client().producer(TEXT, TEXT)) {
            producer.sendAndWait(ProducerRecord.of("flights", "before"));
            inProcess.stop();
            var meanwhile = producer.send(ProducerRecord.of("flights", "meanwhile"));
            inProcess.start();

            assertThat(await(meanwhile).offset()).isEqualTo(1);
        }

        assertThat(read(inProcess.client(), "flights", 2)).containsExactly("before", "meanwhile");
    }

    @Test
    void aPausedBrokerAnswersLater() {
        inProcess.createTopic("flights", 1);
        try (var producer = inProcess.client().producer(TEXT, TEXT)) {
            producer.sendAndWait(ProducerRecord.of("flights", "before"));
            inProcess.pause();
            var meanwhile = producer.send(ProducerRecord.of("flights", "meanwhile"));
            assertThat(meanwhile.toCompletableFuture()).isNotDone();

            inProcess.resume();

            assertThat(await(meanwhile).offset()).isEqualTo(1);
        }
    }

    @Test
    void whatWasAcknowledgedOutlivesACrash() {
        inProcess.createTopic("flights", 1);
        try (var producer = inProcess.client().producer(TEXT, TEXT)) {
            producer.sendAndWait(ProducerRecord.of("flights", "before"));

            inProcess.crash();
            var meanwhile = producer.send(ProducerRecord.of("flights", "meanwhile"));
            inProcess.start();

            assertThat(await(meanwhile).offset()).isEqualTo(1);
        }

        assertThat(read(inProcess.client(), "flights", 2)).containsExactly("before", "meanwhile");
    }

    @Test
    void overACutNetworkNothingArrivesUntilItIsHealed() {
        inProcess.createTopic("flights", 1);
        try (var producer = inProcess.client().producer(TEXT, TEXT)) {
            producer.sendAndWait(ProducerRecord.of("flights", "before"));
            inProcess.cutNetwork();
            var meanwhile = producer.send(ProducerRecord.of("flights", "meanwhile"));
            assertThatThrownBy(() -> meanwhile.toCompletableFuture().get(200, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);

            inProcess.healNetwork();

            assertThat(await(meanwhile).offset()).isEqualTo(1);
        }
    }

    @Test
    void theBrokersClockIsSetAhead() {
        var stamped = new NewTopic("flights", 1, 1, Map.of("message.timestamp.type", "LogAppendTime"));
        await(inProcess.client().admin().createTopic(stamped));
        try (var producer = inProcess.client().producer(TEXT, TEXT)) {
            var before = producer.sendAndWait(ProducerRecord.of("flights", "before"));

            inProcess.advanceClock(Duration.ofHours(1));

            var after = producer.sendAndWait(ProducerRecord.of("flights", "after"));
            assertThat(after.timestampMillis() - before.timestampMillis())
                    .isGreaterThanOrEqualTo(Duration.ofHours(1).toMillis());
        }
    }

    @Test
    void clientsGetTheirConnectionsBack() {
        ON_PORT.createTopic("flights", 1);
        try (var producer = ON_PORT.client().producer(TEXT, TEXT)) {
            producer.sendAndWait(ProducerRecord.of("flights", "before"));

            ON_PORT.disconnect();

            assertThat(producer.sendAndWait(ProducerRecord.of("flights", "after"))
                            .offset())
                    .isEqualTo(1);
        }
    }

    @Test
    void anyClientMayConnectToAPort() {
        try (var client = Thalweg.connect(ON_PORT.bootstrap())) {
            assertThat(await(client.admin().cluster()).brokers()).hasSize(1);
        }
    }

    private static void expectTopicOfTheClass() {
        assertThat(await(ON_PORT.client().admin().topic("of-the-class")).partitions())
                .hasSize(1);
    }

    /** One of two, so that one comes after the other. */
    @Nested
    final class OneNestedClass {

        @Test
        void findsTheBrokerOfTheClassAroundIt() {
            expectTopicOfTheClass();
        }
    }

    /** The other. */
    @Nested
    final class AnotherNestedClass {

        @Test
        void findsTheBrokerOfTheClassAroundIt() {
            expectTopicOfTheClass();
        }
    }
}
