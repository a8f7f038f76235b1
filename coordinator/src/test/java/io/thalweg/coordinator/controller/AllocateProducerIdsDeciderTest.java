package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AllocateProducerIdsRequest;
import io.thalweg.protocol.message.AllocateProducerIdsResponse;
import org.junit.jupiter.api.Test;

final class AllocateProducerIdsDeciderTest {

    private final Cluster cluster = Cluster.withBrokers(1, 2);

    private AllocateProducerIdsResponse allocate(int broker, long epoch) {
        return cluster.decide(new AllocateProducerIdsDecider(), new AllocateProducerIdsRequest(broker, epoch));
    }

    @Test
    void blocksFollowEachOther() {
        assertThat(allocate(1, 0)).isEqualTo(new AllocateProducerIdsResponse(0, (short) 0, 0, 1000));
        assertThat(allocate(2, 1)).isEqualTo(new AllocateProducerIdsResponse(0, (short) 0, 1000, 1000));
        assertThat(cluster.image().cluster().nextProducerId()).isEqualTo(2000);
    }

    @Test
    void onlyTheNewestIncarnationOfARegisteredBrokerIsGivenIds() {
        assertThat(allocate(9, 0).errorCode()).isEqualTo(ErrorCode.BROKER_ID_NOT_REGISTERED.code());
        assertThat(allocate(2, 0).errorCode()).isEqualTo(ErrorCode.STALE_BROKER_EPOCH.code());
        assertThat(cluster.image().cluster().nextProducerId()).isZero();
    }
}
