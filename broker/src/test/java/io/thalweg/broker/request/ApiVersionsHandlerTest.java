package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.message.ApiVersionsRequest;
import io.thalweg.protocol.message.ApiVersionsResponse;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.protocol.message.ResponseHeader;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiVersionsHandlerTest {

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void listsExactlyWhatIsAnswered() {
        var answer = ask(4);

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.apiKeys())
                .extracting(ApiVersionsResponse.ApiVersion::apiKey)
                .containsExactlyInAnyOrder(
                        (short) 0,
                        (short) 1,
                        (short) 2,
                        (short) 3,
                        (short) 8,
                        (short) 9,
                        (short) 10,
                        (short) 11,
                        (short) 12,
                        (short) 13,
                        (short) 14,
                        (short) 15,
                        (short) 16,
                        (short) 18,
                        (short) 19,
                        (short) 20,
                        (short) 21,
                        (short) 22,
                        (short) 23,
                        (short) 32,
                        (short) 33,
                        (short) 37,
                        (short) 42,
                        (short) 44,
                        (short) 45,
                        (short) 47,
                        (short) 48,
                        (short) 60,
                        (short) 61,
                        (short) 74,
                        (short) 75);
    }

    @Test
    void rangesAreKafkas() {
        var answer = ask(4);

        assertThat(range(answer, ApiKey.FETCH)).isEqualTo("4-18");
        assertThat(range(answer, ApiKey.API_VERSIONS)).isEqualTo("0-4");
        assertThat(range(answer, ApiKey.METADATA)).isEqualTo("0-13");
    }

    @Test
    void produceIsListedFromVersion0AlthoughItIsRefusedBelow3() {
        assertThat(range(ask(4), ApiKey.PRODUCE)).isEqualTo("0-13");
    }

    @Test
    void versionsThatMayStillChangeAreNotOffered() {
        assertThat(range(ask(4), ApiKey.INIT_PRODUCER_ID)).isEqualTo("0-5");
    }

    @ParameterizedTest
    @ValueSource(shorts = {5, 99, -1})
    void anUnknownVersionIsAnsweredInVersion0WithTheRange(short version) {
        var frame = ByteBuffer.allocate(64);
        var header = new RequestHeader(ApiKey.API_VERSIONS.id(), version, 1, "odd");
        header.write(new MessageWriter(frame), (short) 2);

        var answer = new MessageReader(TestClient.get(client.sendBytes(frame.flip())));

        ResponseHeader.read(answer, (short) 0);
        var body = ApiVersionsResponse.read(answer, (short) 0);
        assertThat(body.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
        assertThat(body.apiKeys()).hasSize(1);
        assertThat(range(body, ApiKey.API_VERSIONS)).isEqualTo("0-4");
        assertThat(ask(4).errorCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-librdkafka", "java client", "name.", "ümlaut"})
    void clientSoftwareHasAProperName(String name) {
        var answer = client.call(
                ApiVersionsRequest.builder()
                        .clientSoftwareName(name)
                        .clientSoftwareVersion("1.0")
                        .build(),
                3,
                ApiVersionsResponse.class);

        assertThat(answer.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(answer.apiKeys()).isEmpty();
    }

    @Test
    void olderVersionsNeedNoSoftwareName() {
        assertThat(client.call(ApiVersionsRequest.builder().build(), 2, ApiVersionsResponse.class)
                        .errorCode())
                .isZero();
    }

    @Test
    void aFeatureThatMayBeAbsentIsOfferedFrom1BeforeVersion4() {
        assertThat(ask(3).supportedFeatures())
                .extracting(ApiVersionsResponse.SupportedFeature::minVersion)
                .containsExactly((short) 1);
        assertThat(ask(4).supportedFeatures())
                .extracting(ApiVersionsResponse.SupportedFeature::minVersion)
                .containsExactly((short) 0);
    }

    @Test
    void finalizedFeaturesAreTheClusters() {
        assertThat(ask(4).finalizedFeaturesEpoch()).isEqualTo(-1);
        broker.cluster.change(image -> image.withFeature("test.version", (short) 2));

        var answer = ask(4);

        assertThat(answer.finalizedFeaturesEpoch()).isZero();
        assertThat(answer.finalizedFeatures())
                .containsExactly(new ApiVersionsResponse.FinalizedFeature("test.version", (short) 2, (short) 2));
    }

    private ApiVersionsResponse ask(int version) {
        var request = ApiVersionsRequest.builder()
                .clientSoftwareName("apache-kafka-java")
                .clientSoftwareVersion("4.3.1")
                .build();
        return client.call(request, version, ApiVersionsResponse.class);
    }

    private static String range(ApiVersionsResponse answer, ApiKey api) {
        return answer.apiKeys().stream()
                .filter(each -> each.apiKey() == api.id())
                .map(each -> each.minVersion() + "-" + each.maxVersion())
                .findFirst()
                .orElse("none");
    }
}
