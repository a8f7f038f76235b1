package io.thalweg.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.config.ConfigException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BrokerTest {

    @Test
    void startsOnAFreePortAndStops() {
        try (var network = InProcessNetwork.open();
                var broker = broker(network, new MemoryStorage()).start()) {
            assertThat(broker.endpoints()).hasSize(1);
            assertThat(broker.endpoints().get(0).port()).isPositive();
            assertThat(broker.clusterId()).hasSize(22);
        }
    }

    @Test
    void severalRunInOneNetwork() {
        try (var network = InProcessNetwork.open();
                var first = broker(network, new MemoryStorage()).start();
                var second = broker(network, new MemoryStorage()).start()) {
            assertThat(first.bootstrap()).isNotEqualTo(second.bootstrap());
            assertThat(first.clusterId()).isNotEqualTo(second.clusterId());
        }
    }

    @Test
    void keepsItsClusterIdOverARestart() {
        var storage = new MemoryStorage();
        try (var network = InProcessNetwork.open()) {
            String clusterId;
            try (var broker = broker(network, storage).start()) {
                clusterId = broker.clusterId();
            }

            try (var again = broker(network, storage).start()) {
                assertThat(again.clusterId()).isEqualTo(clusterId);
            }
        }
    }

    @Test
    void aBrokerOfAClusterDoesNotBeginOneOfItsOwn() {
        var storage = new MemoryStorage();
        String clusterId;
        try (var cluster = TestCluster.start(1, Map.of(), id -> storage)) {
            clusterId = cluster.broker(1).clusterId();
        }
        try (var network = InProcessNetwork.open()) {
            var alone = broker(network, storage);

            for (var start = 1; start <= 2; start++) {
                assertThatThrownBy(alone::start)
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContainingAll("log.dirs", clusterId, "controller.quorum.voters");
            }
        }
    }

    @Test
    void theLogsOfOneClusterAreNotServedToAnother() {
        var storage = new MemoryStorage();
        try (var first = TestCluster.start(1, Map.of(), id -> storage)) {
            assertThat(first.running()).containsExactly(1);
        }

        assertThatThrownBy(() -> TestCluster.start(1, Map.of(), id -> storage))
                .hasStackTraceContaining("log.dirs refused")
                .hasStackTraceContaining("is of cluster");
    }

    @Test
    void closingTwiceIsFine() {
        try (var network = InProcessNetwork.open()) {
            var broker = broker(network, new MemoryStorage()).start();

            broker.close();
            broker.close();
        }
    }

    @Test
    void aFailedStartLeavesNothingOpen() {
        var storage = new MemoryStorage();
        try (var network = InProcessNetwork.open();
                var other = broker(network, new MemoryStorage()).start()) {
            var taken = broker(network, storage).listen(other.bootstrap());

            assertThatThrownBy(taken::start).hasMessageContaining(other.bootstrap());

            broker(network, storage).start().close();
        }
    }

    @Test
    void everyProblemOfTheSettingsIsNamed() {
        var builder = Broker.builder()
                .storage(new MemoryStorage())
                .config("num.partitons", "3")
                .config("message.max.bytes", "-4");

        assertThatThrownBy(builder::start)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("num.partitons")
                .hasMessageContaining("num.partitions")
                .hasMessageContaining("message.max.bytes")
                .hasMessageContaining("-4");
    }

    private static BrokerBuilder broker(InProcessNetwork network, MemoryStorage storage) {
        return Broker.builder().transport(network).storage(storage).listen("127.0.0.1:0");
    }
}
