package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeClusterRequest;
import io.thalweg.protocol.message.DescribeClusterResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DescribeClusterHandlerTest {

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void everyVersionTellsTheBrokers(int version) {
        var answer = ask(DescribeClusterRequest.builder(), version);

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.clusterId()).isEqualTo(FakeCluster.CLUSTER_ID);
        assertThat(answer.controllerId()).isEqualTo(1);
        assertThat(answer.brokers())
                .containsExactly(new DescribeClusterResponse.Broker(1, "broker", broker.port(), "rack-1", false));
        assertThat(answer.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void operationsAreToldToWhoAsks() {
        assertThat(ask(DescribeClusterRequest.builder().includeClusterAuthorizedOperations(true), 0)
                        .clusterAuthorizedOperations())
                .isEqualTo(8096);
    }

    @Test
    void fencedBrokersAreToldToWhoAsks() {
        broker.cluster.register(2, "fenced", 9, FakeCluster.LISTENER, true);

        assertThat(ask(DescribeClusterRequest.builder(), 2).brokers()).hasSize(1);
        assertThat(ask(DescribeClusterRequest.builder().includeFencedBrokers(true), 2)
                        .brokers())
                .extracting(DescribeClusterResponse.Broker::isFenced)
                .containsExactly(false, true);
    }

    @Test
    void thisIsABrokersEndpoint() {
        assertThat(ask(DescribeClusterRequest.builder().endpointType((byte) 2), 1)
                        .errorCode())
                .isEqualTo(ErrorCode.MISMATCHED_ENDPOINT_TYPE.code());
        assertThat(ask(DescribeClusterRequest.builder().endpointType((byte) 9), 1)
                        .errorCode())
                .isEqualTo(ErrorCode.UNSUPPORTED_ENDPOINT_TYPE.code());
    }

    private DescribeClusterResponse ask(DescribeClusterRequest.Builder request, int version) {
        return client.call(request.build(), version, DescribeClusterResponse.class);
    }
}
