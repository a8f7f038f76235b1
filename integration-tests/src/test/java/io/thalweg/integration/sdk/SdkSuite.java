package io.thalweg.integration.sdk;

import static io.thalweg.api.Thalweg.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.api.Acks;
import io.thalweg.api.Compression;
import io.thalweg.api.Header;
import io.thalweg.api.NewTopic;
import io.thalweg.api.OverflowPolicy;
import io.thalweg.api.ProducerConfig;
import io.thalweg.api.ProducerInterceptor;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.ReaderConfig;
import io.thalweg.api.RecordMetadata;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Thalweg;
import io.thalweg.api.ThalwegException;
import io.thalweg.api.TopicPartition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the SDK promises, whatever cluster it is connected to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SdkSuite {

    private static final Serde<String> TEXT = Serde.string();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Instant NOON = Instant.parse("2001-01-31T12:00:00Z");

    /** A fetch that was begun before a seek is answered before the next leaves. */
    private static final ReaderConfig IMPATIENT =
            ReaderConfig.builder().maxWait(Duration.ofMillis(20)).build();

    private Cluster cluster;
    private Thalweg client;

    abstract Cluster start(Path directory) throws Exception;

    @BeforeAll
    void connect(@TempDir Path directory) throws Exception {
        cluster = start(directory);
        client = cluster.connect();
    }

    @AfterAll
    void stop() {
        if (client != null) {
            client.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    Thalweg client() {
        return client;
    }

    Cluster cluster() {
        return cluster;
    }

    String topic(int partitions) {
        return Topics.create(client, cluster, partitions);
    }

    @Test
    void aRecordComesBackAsItWasSent() {
        var topic = topic(1);
        var sent = ProducerRecord.<String, Long>of(topic, "DFW", 42L)
                .withTimestamp(NOON)
                .withHeader(Header.of("trace", "a"))
                .withHeader(Header.of("trace", "b"))
                .withHeader(Header.of("none", (byte[]) null));
        RecordMetadata written;

        try (var producer = client.producer(TEXT, Serde.int64())) {
            written = producer.sendAndWait(sent);
            producer.sendAndWait(ProducerRecord.of(topic, "DFW", null));
            producer.sendAndWait(ProducerRecord.of(topic, 7L));
        }

        assertThat(written).isEqualTo(new RecordMetadata(new TopicPartition(topic, 0), 0, NOON.toEpochMilli()));
        var read = Topics.read(client, topic, 1, 3, TEXT, Serde.int64());
        assertThat(read.get(0).key()).isEqualTo("DFW");
        assertThat(read.get(0).value()).isEqualTo(42L);
        assertThat(read.get(0).timestamp()).isEqualTo(NOON);
        assertThat(read.get(0).headers()).isEqualTo(sent.headers());
        assertThat(read.get(1).value()).isNull();
        assertThat(read.get(2).key()).isNull();
        assertThat(read).extracting(each -> each.offset()).containsExactly(0L, 1L, 2L);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void everyCodecCarriesRecords(Compression compression) {
        var topic = topic(1);
        var config = ProducerConfig.builder().compression(compression).build();

        try (var producer = client.producer(TEXT, TEXT, config)) {
            for (int i = 0; i < 100; i++) {
                producer.send(ProducerRecord.of(topic, "key", "value-" + i));
            }
        }

        assertThat(Topics.read(client, topic, 1, 100, TEXT, TEXT))
                .extracting(each -> each.value())
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "value-" + i).toList());
    }

    @ParameterizedTest
    @EnumSource(Acks.class)
    void everyAcknowledgementIsTold(Acks acks) {
        var topic = topic(1);
        RecordMetadata written;

        try (var producer =
                client.producer(TEXT, TEXT, ProducerConfig.builder().acks(acks).build())) {
            written = producer.sendAndWait(ProducerRecord.of(topic, "value"));
        }

        assertThat(written.hasOffset()).isEqualTo(acks != Acks.NONE);
        assertThat(Topics.read(client, topic, 1, 1, TEXT, TEXT)).hasSize(1);
    }

    @Test
    void recordsOfAKeyStayInOrderAndTogether() {
        var topic = topic(4);
        var stages = new ArrayList<CompletionStage<RecordMetadata>>();

        try (var producer = client.producer(
                TEXT, Serde.int32(), ProducerConfig.builder().batchBytes(500).build())) {
            for (int i = 0; i < 2_000; i++) {
                stages.add(producer.send(ProducerRecord.of(topic, "key-" + i % 20, i)));
            }
        }

        assertThat(stages)
                .allSatisfy(stage -> assertThat(await(stage).hasOffset()).isTrue());
        var read = Topics.read(client, topic, 4, 2_000, TEXT, Serde.int32());
        assertThat(read).hasSize(2_000);
        for (int key = 0; key < 20; key++) {
            var name = "key-" + key;
            var ofKey = read.stream().filter(each -> name.equals(each.key())).toList();
            assertThat(ofKey).extracting(each -> each.value()).isSorted().hasSize(100);
            assertThat(ofKey)
                    .extracting(each -> each.partition())
                    .containsOnly(ofKey.get(0).partition());
        }
    }

    @Test
    void applicationsMayChoosePartitions() {
        var topic = topic(3);
        var config = ProducerConfig.builder()
                .partitioner((record, key, partitionsCount) -> partitionsCount - 1)
                .build();

        try (var producer = client.producer(TEXT, TEXT, config)) {
            assertThat(producer.sendAndWait(ProducerRecord.of(topic, "a", "x"))
                            .partition()
                            .partition())
                    .isEqualTo(2);
            assertThat(producer.sendAndWait(ProducerRecord.of(topic, "a", "x").withPartition(1))
                            .partition()
                            .partition())
                    .isEqualTo(1);
            assertThatThrownBy(() -> producer.sendAndWait(
                            ProducerRecord.of(topic, "a", "x").withPartition(3)))
                    .isInstanceOf(ThalwegException.NotFound.class)
                    .hasMessageContaining("expected 0 to 2");
        }
    }

    @Test
    void whatCannotBeSentFailsItsStageOnly() {
        var topic = topic(1);
        var fussy = TEXT.<String>map(
                text -> {
                    if (text.equals("bad")) {
                        throw new IllegalArgumentException("no such airport");
                    }
                    return text;
                },
                text -> text);

        try (var producer = client.producer(TEXT, fussy)) {
            assertThatThrownBy(() -> producer.sendAndWait(ProducerRecord.of(topic, "bad")))
                    .isInstanceOf(ThalwegException.Unserializable.class)
                    .hasMessageContaining("no such airport");
            assertThatThrownBy(() -> producer.sendAndWait(ProducerRecord.of(topic, "x".repeat(3 << 20))))
                    .isInstanceOf(ThalwegException.Rejected.class);
            assertThat(producer.sendAndWait(ProducerRecord.of(topic, "good")).offset())
                    .isZero();
        }
    }

    @Test
    void fullMemoryFailsFastIfAsked() {
        var topic = topic(1);
        var config = ProducerConfig.builder()
                .bufferBytes(2_000)
                .batchBytes(10_000)
                .linger(Duration.ofMinutes(1))
                .overflow(OverflowPolicy.FAIL)
                .build();

        try (var producer = client.producer(TEXT, TEXT, config)) {
            var first = producer.send(ProducerRecord.of(topic, "x".repeat(1_500)));
            var second = producer.send(ProducerRecord.of(topic, "x".repeat(1_500)));

            assertThatThrownBy(() -> await(second))
                    .isInstanceOfSatisfying(
                            ThalwegException.BufferFull.class,
                            failure -> assertThat(failure.isRetriable()).isTrue());
            await(producer.flush());
            assertThat(await(first).offset()).isZero();
        }
    }

    @Test
    void aStageMaySendOn() {
        var topic = topic(1);
        var other = topic(1);

        try (var producer = client.producer(TEXT, TEXT)) {
            var sentOn = producer.send(ProducerRecord.of(topic, "first"))
                    .thenCompose(written -> producer.send(ProducerRecord.of(other, "second")));

            assertThat(await(sentOn).partition().topic()).isEqualTo(other);
        }
    }

    @Test
    void interceptorsSeeAndChangeRecords() {
        var topic = topic(1);
        var seen = new CopyOnWriteArrayList<String>();
        var interceptor = new ProducerInterceptor() {
            @Override
            public <K, V> ProducerRecord<K, V> sending(ProducerRecord<K, V> record) {
                return record.withHeader(Header.of("trace", "t1"));
            }

            @Override
            public void acknowledged(ProducerRecord<?, ?> record, RecordMetadata written) {
                seen.add("written " + written.offset());
            }

            @Override
            public void failed(ProducerRecord<?, ?> record, ThalwegException failure) {
                seen.add("failed " + failure.code());
            }
        };

        try (var producer = client.producer(
                TEXT, TEXT, ProducerConfig.builder().interceptors(interceptor).build())) {
            producer.sendAndWait(ProducerRecord.of(topic, "x"));
            assertThatThrownBy(() -> producer.sendAndWait(
                            ProducerRecord.of(topic, "k", "x").withPartition(9)))
                    .isInstanceOf(ThalwegException.class);
        }

        assertThat(seen).containsExactly("written 0", "failed INVALID_PARTITIONS");
        assertThat(Topics.read(client, topic, 1, 1, TEXT, TEXT).get(0).headers().text("trace"))
                .hasValue("t1");
    }

    @Test
    void readersSeekPauseAndResume() {
        var topic = topic(2);
        var one = new TopicPartition(topic, 0);
        var two = new TopicPartition(topic, 1);
        try (var producer = client.producer(TEXT, Serde.int32())) {
            for (int i = 0; i < 10; i++) {
                var time = NOON.plusSeconds(i);
                producer.send(ProducerRecord.<String, Integer>of(topic, i)
                        .withPartition(0)
                        .withTimestamp(time));
                producer.send(ProducerRecord.<String, Integer>of(topic, 100 + i)
                        .withPartition(1)
                        .withTimestamp(time));
            }
        }

        try (var reader = client.reader(TEXT, Serde.int32())) {
            await(reader.assign(Map.of(one, StartPosition.BEGINNING, two, StartPosition.BEGINNING)));
            reader.pause(List.of(two));
            assertThat(Topics.read(reader, 10))
                    .extracting(each -> each.partition())
                    .containsOnly(one);
            assertThat(reader.poll(POLL)).isEmpty();
            assertThat(reader.position(one)).isEqualTo(10);

            reader.resume(List.of(two));
            assertThat(Topics.read(reader, 10))
                    .extracting(each -> each.value())
                    .startsWith(100)
                    .hasSize(10);

            await(reader.seek(one, StartPosition.timestamp(NOON.plusSeconds(7).toEpochMilli())));
            assertThat(Topics.read(reader, 3)).extracting(each -> each.value()).containsExactly(7, 8, 9);

            await(reader.seek(one, StartPosition.END));
            assertThat(reader.position(one)).isEqualTo(10);
            assertThatThrownBy(() -> reader.seek(new TopicPartition(topic, 5), StartPosition.END))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anOffsetThatIsGoneIsTold() {
        var topic = topic(1);
        var partition = new TopicPartition(topic, 0);

        try (var reader = client.reader(TEXT, TEXT)) {
            await(reader.assign(Map.of(partition, StartPosition.offset(17))));

            assertThatThrownBy(() -> Topics.read(reader, 1)).isInstanceOf(ThalwegException.OffsetGone.class);
        }
    }

    @Test
    void aRecordThatCannotBeReadIsToldAndMayBeLeftOut() {
        var topic = topic(1);
        var partition = new TopicPartition(topic, 0);
        try (var producer = client.producer(TEXT, TEXT)) {
            for (var value : List.of("12345678", "bad", "abcdefgh")) {
                producer.send(ProducerRecord.of(topic, value));
            }
        }

        try (var reader = client.reader(TEXT, Serde.int64(), IMPATIENT)) {
            await(reader.assign(Map.of(partition, StartPosition.BEGINNING)));
            assertThat(Topics.read(reader, 1)).hasSize(1);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> Topics.read(reader, 1))
                        .isInstanceOf(ThalwegException.Unserializable.class)
                        .hasMessageContaining("offset 1 of " + partition);
            }
            await(reader.seek(partition, StartPosition.offset(2)));
            assertThat(Topics.read(reader, 1)).extracting(each -> each.offset()).containsExactly(2L);
        }
    }

    @Test
    void topicsChangeForEveryBrokerAtOnce() {
        var admin = client.admin();
        var topic = topic(1);

        await(admin.raisePartitions(topic, 3));
        await(admin.changeConfig(topic, Map.of("retention.ms", Optional.of("60000"))));

        var described = await(admin.topic(topic));
        assertThat(described.partitions()).hasSize(3).allMatch(each -> each.leaderId() >= 0);
        assertThat(described.config()).containsEntry("retention.ms", "60000");
        assertThatThrownBy(() -> await(admin.createTopic(NewTopic.of(topic, 1))))
                .isInstanceOf(ThalwegException.AlreadyExists.class);

        await(admin.changeConfig(topic, Map.of("retention.ms", Optional.empty())));
        assertThat(await(admin.topic(topic)).config()).doesNotContainKey("retention.ms");
        await(admin.deleteTopic(topic));
        assertThatThrownBy(() -> await(admin.topic(topic))).isInstanceOf(ThalwegException.NotFound.class);
        assertThat(await(admin.cluster()).brokers()).hasSize(cluster.replicas());
    }
}
