package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.quota.ClientQuotas;
import io.thalweg.broker.quota.ConnectionRates;
import io.thalweg.coordinator.metadata.QuotaEntity;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DescribeClientQuotasRequest;
import io.thalweg.protocol.message.DescribeClientQuotasResponse;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Timers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ThrottleTest {

    private static final QuotaEntity EVERY_CLIENT = QuotaEntity.of(QuotaEntity.CLIENT_ID, Optional.empty());

    private final BrokerFixture broker = new BrokerFixture();
    private final LinkedBlockingQueue<Runnable> resumptions = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        broker.close();
    }

    private void set(String key) {
        set(key, "0.001", 0);
    }

    private void set(String key, String limit, long burstNanos) {
        broker.cluster.set(EVERY_CLIENT.toResource(), Map.of(key, limit));
        var quotas = new ClientQuotas(broker.cluster::image, broker.clock::nanos, kind -> burstNanos);
        broker.throttle = new Throttle(quotas, null, this::later, TimeUnit.SECONDS.toNanos(11));
    }

    private Timers.Timer later(long nanos, Runnable task) {
        resumptions.add(task);
        return () -> {};
    }

    /** What comes in four seconds may come at once, and nothing waits for more than five. */
    private void boundConnections(Map<String, String> settings) {
        var seconds = TimeUnit.SECONDS.toNanos(1);
        var rates = new ConnectionRates(
                broker.cluster::image,
                image -> ConfigValues.of(settings),
                broker.clock::nanos,
                new ConnectionRates.Windows(seconds, 5 * seconds),
                "");
        broker.throttle = new Throttle(null, rates, this::later, 5 * seconds);
    }

    @Test
    void aConnectionOfAnAddressThatHasTooManyIsClosedAfterAWhile() throws InterruptedException {
        broker.cluster.set(
                QuotaEntity.of(QuotaEntity.IP, Optional.of("client")).toResource(),
                Map.of("connection_creation_rate", "0.1"));
        boundConnections(Map.of());
        var client = broker.client();
        client.sendOnly(MetadataRequest.builder().topics(List.of()).build(), 9);

        resumptions.take().run();

        client.awaitClosed();
    }

    @Test
    void aConnectionThatIsTooManyForItsBrokerIsServedWhenItsTurnComes() throws InterruptedException {
        boundConnections(Map.of("max.connection.creation.rate", "1"));
        for (var connection = 0; connection < 4; connection++) {
            broker.client().call(MetadataRequest.builder().topics(List.of()).build(), 9, MetadataResponse.class);
        }
        var answer =
                broker.client().send(MetadataRequest.builder().topics(List.of()).build(), 9);

        resumptions.take().run();

        assertThat(TestClient.get(answer)).isInstanceOf(MetadataResponse.class);
        assertThat(resumptions).isEmpty();
    }

    private static FetchRequest fetch(int replicaId) {
        return FetchRequest.builder().replicaId(replicaId).topics(List.of()).build();
    }

    @Test
    void aClientIsToldToWaitAndServedWhenItHas() throws InterruptedException {
        set("consumer_byte_rate");
        var client = broker.client();

        var told = client.call(fetch(-1), 12, FetchResponse.class);
        assertThat(told.throttleTimeMillis()).isEqualTo(11_000);
        var next = client.send(MetadataRequest.builder().topics(List.of()).build(), 9);
        resumptions.take().run();

        assertThat(TestClient.get(next)).isInstanceOf(MetadataResponse.class);
    }

    @Test
    void replicasAndOtherKindsOfRequestsAreNotKeptWaiting() {
        set("consumer_byte_rate");
        var client = broker.client();

        client.call(fetch(2), 12, FetchResponse.class);
        client.call(MetadataRequest.builder().topics(List.of()).build(), 9, MetadataResponse.class);

        assertThat(resumptions).isEmpty();
    }

    @Test
    void topicsAreNotCreatedBeforeTheLastOnesArePaidOff() throws InterruptedException {
        set("controller_mutation_rate");
        broker.controller.decides(request -> created(ErrorCode.NONE));
        var client = broker.client();

        assertThat(client.call(create("first"), 6, CreateTopicsResponse.class).throttleTimeMillis())
                .isZero();
        var refused = client.call(create("second"), 6, CreateTopicsResponse.class);
        assertThat(refused.throttleTimeMillis()).isEqualTo(11_000);
        assertThat(refused.topics())
                .singleElement()
                .returns("second", CreateTopicsResponse.Topic::name)
                .returns(ErrorCode.THROTTLING_QUOTA_EXCEEDED.code(), CreateTopicsResponse.Topic::errorCode);
        resumptions.take().run();
        var done = client.call(create("third"), 5, CreateTopicsResponse.class);

        assertThat(done.topics()).singleElement().returns(ErrorCode.NONE.code(), CreateTopicsResponse.Topic::errorCode);
        assertThat(done.throttleTimeMillis()).isEqualTo(11_000);
    }

    @Test
    void topicsThatTheControllerRefusesCostNothing() {
        set("controller_mutation_rate");
        broker.controller.decides(request -> created(ErrorCode.INVALID_PARTITIONS));
        var client = broker.client();
        client.call(create("refused"), 6, CreateTopicsResponse.class);
        broker.controller.decides(request -> created(ErrorCode.NONE));

        var next = client.call(create("next"), 6, CreateTopicsResponse.class);

        assertThat(next.topics()).singleElement().returns(ErrorCode.NONE.code(), CreateTopicsResponse.Topic::errorCode);
    }

    private static CreateTopicsResponse created(ErrorCode code) {
        return CreateTopicsResponse.builder()
                .topics(List.of(CreateTopicsResponse.Topic.builder()
                        .name("topic")
                        .errorCode(code.code())
                        .numPartitions(code == ErrorCode.NONE ? 1 : -1)
                        .build()))
                .build();
    }

    private static CreateTopicsRequest create(String name) {
        return CreateTopicsRequest.builder()
                .topics(List.of(CreateTopicsRequest.Topic.builder()
                        .name(name)
                        .numPartitions(1)
                        .build()))
                .build();
    }

    @Test
    void everyAnswerTellsOfTheWait() {
        set("request_percentage");
        var client = broker.client();
        var told = client.call(MetadataRequest.builder().topics(List.of()).build(), 9, MetadataResponse.class);

        assertThat(told.throttleTimeMillis()).isPositive();
    }

    /** An hour is free, and shards seem to take two for whatever they do. */
    private void slowShards() {
        set("request_percentage", "100", TimeUnit.HOURS.toNanos(1));
        broker.shardWorkNanos.set(TimeUnit.HOURS.toNanos(2));
    }

    @Test
    void whatALogTakesForABatchCountsForItsProducer() {
        var topic = broker.createTopic("orders", 1);
        slowShards();

        var told = broker.client().call(produce(topic, 0, (short) 1, batch("a")), 9, ProduceResponse.class);

        assertThat(told.throttleTimeMillis()).isEqualTo(11_000);
    }

    @Test
    void whatACoordinatorTakesForARequestCountsForItsClient() {
        broker.createTopic("__consumer_offsets", 1);
        slowShards();
        var beat =
                HeartbeatRequest.builder().groupId("group").memberId("nobody").build();

        var told = broker.client().call(beat, 4, HeartbeatResponse.class);

        assertThat(told.throttleTimeMillis()).isEqualTo(11_000);
    }

    @Test
    void whatTakesNoShardCountsNoneOfIt() {
        slowShards();

        var told =
                broker.client().call(MetadataRequest.builder().topics(List.of()).build(), 9, MetadataResponse.class);

        assertThat(told.throttleTimeMillis()).isZero();
    }

    @Test
    void quotasAreDescribedByFilter() {
        set("producer_byte_rate");
        var client = broker.client();

        var all = client.call(
                DescribeClientQuotasRequest.builder().components(List.of()).build(),
                1,
                DescribeClientQuotasResponse.class);
        var users = client.call(
                DescribeClientQuotasRequest.builder()
                        .components(List.of(new DescribeClientQuotasRequest.Component("user", (byte) 2, null)))
                        .build(),
                1,
                DescribeClientQuotasResponse.class);

        assertThat(all.entries())
                .containsExactly(new DescribeClientQuotasResponse.Entry(
                        List.of(new DescribeClientQuotasResponse.Entity("client-id", null)),
                        List.of(new DescribeClientQuotasResponse.Value("producer_byte_rate", 0.001))));
        assertThat(users.entries()).isEmpty();
    }
}
