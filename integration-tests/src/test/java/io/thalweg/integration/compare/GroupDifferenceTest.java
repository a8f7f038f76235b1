package io.thalweg.integration.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.FindCoordinatorRequest;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thalweg's group coordinator answers as Apache Kafka's does; docs/COMPATIBILITY.md says where not, and why. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class GroupDifferenceTest {

    private static final Set<ErrorCode> NOT_READY = Set.of(
            ErrorCode.COORDINATOR_NOT_AVAILABLE, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, ErrorCode.NOT_COORDINATOR);

    private static KafkaProcess kafka;
    private static Broker broker;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        kafka = KafkaProcess.start(
                Files.createDirectory(directory.resolve("kafka")),
                "group.min.session.timeout.ms=1000",
                "group.consumer.min.session.timeout.ms=1000",
                "group.consumer.min.heartbeat.interval.ms=100");
        broker = Broker.builder()
                .storage(FileStorage.at(directory.resolve("thalweg")))
                .listen("127.0.0.1:0")
                .config("group.initial.rebalance.delay.ms", "0")
                .config("offsets.topic.num.partitions", "1")
                .config("group.min.session.timeout.ms", "1000")
                .config("group.consumer.min.session.timeout.ms", "1000")
                .config("group.consumer.min.heartbeat.interval.ms", "100")
                .start();
        prepare(kafka.bootstrap());
        prepare(broker.bootstrap());
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
        if (kafka != null) {
            kafka.close();
        }
    }

    /** Makes the topic of the scripts, and returns when the coordinator answers. */
    private static void prepare(String bootstrap) throws IOException {
        try (var to = Dialogue.with(bootstrap)) {
            var topic = CreateTopicsRequest.Topic.builder()
                    .name("orders")
                    .numPartitions(2)
                    .replicationFactor((short) 1)
                    .build();
            to.answerOf(
                    CreateTopicsRequest.builder()
                            .topics(List.of(topic))
                            .timeoutMillis(30_000)
                            .build(),
                    5,
                    CreateTopicsResponse.class);
            var find = FindCoordinatorRequest.builder().key("any").build();
            var heartbeat = new GroupSpeech("any").heartbeat("nobody", 1).build();
            to.askUntil(
                    "coordinator",
                    () -> !isNotReady(to.answerOf(find, 3, FindCoordinatorResponse.class)
                                    .errorCode())
                            && !isNotReady(to.answerOf(heartbeat, 4, HeartbeatResponse.class)
                                    .errorCode()));
        }
    }

    private static boolean isNotReady(short code) {
        return NOT_READY.contains(ErrorCode.forCode(code).orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void answersAreTheSame(GroupScripts script) throws Exception {
        assertThat(transcript(script, broker.bootstrap())).isEqualTo(transcript(script, kafka.bootstrap()));
    }

    @ParameterizedTest
    @EnumSource
    void consumersAreAnsweredTheSame(ConsumerScripts script) throws Exception {
        assertThat(transcript(script::tell, broker.bootstrap())).isEqualTo(transcript(script::tell, kafka.bootstrap()));
    }

    @ParameterizedTest
    @EnumSource
    void whoIsLateIsAnsweredTheSame(TimeoutScripts script) throws Exception {
        assertThat(transcript(script::tell, broker.bootstrap())).isEqualTo(transcript(script::tell, kafka.bootstrap()));
    }

    @ParameterizedTest
    @EnumSource
    void whoOffersMetricsIsAnsweredTheSame(TelemetryScripts script) throws Exception {
        assertThat(transcript((to, orders) -> script.tell(to), broker.bootstrap()))
                .isEqualTo(transcript((to, orders) -> script.tell(to), kafka.bootstrap()));
    }

    private interface Script {
        void tell(Dialogue to, UUID orders) throws IOException;
    }

    private static List<String> transcript(Script script, String bootstrap) throws IOException {
        try (var to = Dialogue.with(bootstrap)) {
            var orders = topicId(to);
            to.call(orders, "orders");
            script.tell(to, orders);
            return to.transcript();
        }
    }

    private static UUID topicId(Dialogue to) throws IOException {
        var request = MetadataRequest.builder()
                .topics(List.of(MetadataRequest.Topic.builder().name("orders").build()))
                .build();
        return to.answerOf(request, 12, MetadataResponse.class).topics().get(0).topicId();
    }

    private static List<String> transcript(GroupScripts script, String bootstrap) throws IOException {
        try (var to = Dialogue.with(bootstrap)) {
            script.tell(to);
            return to.transcript();
        }
    }
}
