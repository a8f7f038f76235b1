package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.request.BrokerFixture.Options;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeConfigsRequest;
import io.thalweg.protocol.message.DescribeConfigsResponse;
import io.thalweg.protocol.message.DescribeConfigsResponse.Synonym;
import io.thalweg.protocol.message.ListConfigResourcesRequest;
import io.thalweg.protocol.message.ListConfigResourcesResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DescribeConfigsHandlerTest {

    private static final int TOPIC = 2;
    private static final int BROKER = 4;
    private static final int CLIENT_METRICS = 16;
    private static final byte DYNAMIC_CLIENT_METRICS = 7;
    private static final int GROUP = 32;

    private static final byte DYNAMIC_TOPIC = 1;
    private static final byte DYNAMIC_DEFAULT_BROKER = 3;
    private static final byte STATIC_BROKER = 4;
    private static final byte DEFAULT = 5;

    private final BrokerFixture broker = new BrokerFixture(
            Options.DEFAULT.with("log.retention.ms", "3600000").with("ssl.keystore.password", "secret"));
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void everyVersionTellsAllSettingsOfATopic(int version) {
        broker.createTopic("orders", 1);

        var found = ask(version, TOPIC, "orders", null);

        assertThat(found.errorCode()).isZero();
        assertThat(found.configs())
                .hasSizeGreaterThan(30)
                .extracting(DescribeConfigsResponse.Config::name)
                .isSorted();
        var retention = config(found, "retention.ms");
        assertThat(retention.value()).isEqualTo("3600000");
        assertThat(retention.configSource()).isEqualTo(STATIC_BROKER);
        assertThat(retention.synonyms()).isEmpty();
        assertThat(retention.configType()).isEqualTo(version < 3 ? 0 : (byte) 5);
        assertThat(config(found, "cleanup.policy").configSource()).isEqualTo(DEFAULT);
    }

    @Test
    void whatIsSetForATopicComesFirst() {
        broker.createTopic("orders", 1);
        broker.cluster.set(ConfigResource.ofTopic("orders"), Map.of("retention.ms", "5"));
        broker.cluster.set(ConfigResource.BROKER_DEFAULT, Map.of("log.retention.ms", "7"));

        var retention = config(ask(4, TOPIC, "orders", List.of("retention.ms"), true, false), "retention.ms");

        assertThat(retention.value()).isEqualTo("5");
        assertThat(retention.configSource()).isEqualTo(DYNAMIC_TOPIC);
        assertThat(retention.synonyms())
                .startsWith(
                        new Synonym("retention.ms", "5", DYNAMIC_TOPIC),
                        new Synonym("log.retention.ms", "7", DYNAMIC_DEFAULT_BROKER),
                        new Synonym("log.retention.ms", "3600000", STATIC_BROKER));
    }

    @Test
    void onlyWhatIsNamedIsTold() {
        broker.createTopic("orders", 1);

        assertThat(ask(4, TOPIC, "orders", List.of("retention.ms", "no.such.config"))
                        .configs())
                .extracting(DescribeConfigsResponse.Config::name)
                .containsExactly("retention.ms");
        assertThat(ask(4, TOPIC, "orders", List.of()).configs()).hasSizeGreaterThan(30);
    }

    @Test
    void documentationIsToldToWhoAsks() {
        broker.createTopic("orders", 1);
        var names = List.of("retention.ms");

        assertThat(config(ask(4, TOPIC, "orders", names, false, true), "retention.ms")
                        .documentation())
                .isNotEmpty();
        assertThat(config(ask(4, TOPIC, "orders", names, false, false), "retention.ms")
                        .documentation())
                .isNull();
    }

    @Test
    void aBrokersSettingsAreTold() {
        var found = ask(4, BROKER, "1", null);

        assertThat(found.errorCode()).isZero();
        assertThat(found.configs()).hasSizeGreaterThan(200);
        assertThat(config(found, "log.retention.ms").value()).isEqualTo("3600000");
        assertThat(config(found, "log.retention.ms").configSource()).isEqualTo(STATIC_BROKER);
    }

    @Test
    void secretsStaySecret() {
        var password =
                config(ask(4, BROKER, "1", List.of("ssl.keystore.password"), true, false), "ssl.keystore.password");

        assertThat(password.isSensitive()).isTrue();
        assertThat(password.value()).isNull();
        assertThat(password.synonyms()).extracting(Synonym::value).containsOnlyNulls();
    }

    @Test
    void theDefaultOfAllBrokersIsWhatWasSetForIt() {
        assertThat(ask(4, BROKER, "", null).configs()).isEmpty();
        broker.cluster.set(ConfigResource.BROKER_DEFAULT, Map.of("log.retention.ms", "7"));

        var found = ask(4, BROKER, "", null);

        assertThat(found.configs()).hasSize(1);
        assertThat(config(found, "log.retention.ms").value()).isEqualTo("7");
        assertThat(config(found, "log.retention.ms").configSource()).isEqualTo(DYNAMIC_DEFAULT_BROKER);
    }

    @ParameterizedTest
    @CsvSource({
        "2,strange,UNKNOWN_TOPIC_OR_PARTITION",
        "2,no good,INVALID_TOPIC_EXCEPTION",
        "2,'',INVALID_TOPIC_EXCEPTION",
        "4,9,INVALID_REQUEST",
        "4,one,INVALID_REQUEST",
        "8,1,INVALID_REQUEST",
        "8,'',INVALID_REQUEST",
        "16,'',INVALID_REQUEST",
        "32,'',INVALID_REQUEST",
        "0,x,INVALID_REQUEST",
        "99,x,INVALID_REQUEST"
    })
    void whatCannotBeDescribedSaysWhy(int type, String name, ErrorCode error) {
        var found = ask(4, type, name, null);

        assertThat(found.errorCode()).isEqualTo(error.code());
        assertThat(found.errorMessage()).isNotEmpty();
        assertThat(found.configs()).isEmpty();
        assertThat(found.resourceType()).isEqualTo((byte) type);
        assertThat(found.resourceName()).isEqualTo(name);
    }

    @Test
    void groupsAndSubscriptionsHaveTheirDefaultsWhetherTheyExistOrNot() {
        assertThat(ask(4, GROUP, "any", null).configs()).isNotEmpty();
        assertThat(config(ask(4, CLIENT_METRICS, "any", null), "interval.ms").value())
                .isEqualTo("300000");
    }

    @Test
    void whatIsSetForClientMetricsIsKeptForWhoeverAsks() {
        broker.cluster.set(ConfigResource.ofClientMetrics("usage"), Map.of("interval.ms", "1000"));

        var interval = config(ask(4, CLIENT_METRICS, "usage", null), "interval.ms");
        var listed = client.call(
                ListConfigResourcesRequest.builder()
                        .resourceTypes(List.of((byte) CLIENT_METRICS, (byte) GROUP))
                        .build(),
                1,
                ListConfigResourcesResponse.class);

        assertThat(interval.value()).isEqualTo("1000");
        assertThat(interval.configSource()).isEqualTo(DYNAMIC_CLIENT_METRICS);
        assertThat(listed.configResources())
                .containsExactly(new ListConfigResourcesResponse.ConfigResource("usage", (byte) CLIENT_METRICS));
    }

    @Test
    void everyResourceOfARequestHasItsOwnResult() {
        broker.createTopic("orders", 1);
        var request = DescribeConfigsRequest.builder()
                .resources(List.of(
                        resource(TOPIC, "strange", null), resource(TOPIC, "orders", null), resource(BROKER, "1", null)))
                .build();

        var answer = client.call(request, 4, DescribeConfigsResponse.class);

        assertThat(answer.results())
                .extracting(DescribeConfigsResponse.Result::errorCode)
                .containsExactly(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(), (short) 0, (short) 0);
    }

    private DescribeConfigsResponse.Result ask(int version, int type, String name, @Nullable List<String> keys) {
        return ask(version, type, name, keys, false, false);
    }

    private DescribeConfigsResponse.Result ask(
            int version, int type, String name, @Nullable List<String> keys, boolean synonyms, boolean documentation) {
        var request = DescribeConfigsRequest.builder()
                .resources(List.of(resource(type, name, keys)))
                .includeSynonyms(synonyms)
                .includeDocumentation(documentation)
                .build();
        return client.call(request, version, DescribeConfigsResponse.class)
                .results()
                .get(0);
    }

    private static DescribeConfigsRequest.Resource resource(int type, String name, @Nullable List<String> keys) {
        return new DescribeConfigsRequest.Resource((byte) type, name, keys);
    }

    private static DescribeConfigsResponse.Config config(DescribeConfigsResponse.Result found, String name) {
        return found.configs().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
