package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigLoaderTest {

    private final ConfigLoader loader = new ConfigLoader(ConfigCatalog.ofBroker(List.of()));

    @Test
    void nothingAtAllIsEnoughToStart() {
        var loaded = loader.load();

        assertThat(loaded.values().asMap()).isEmpty();
        assertThat(ServerKeys.nodeId(loaded.values())).isEqualTo(1);
    }

    @Test
    void theCommandLineCountsBeforeTheFile() {
        var loaded = loader.file("server.properties", "num.partitions=3\nnode.id=7\n")
                .set("num.partitions=5")
                .load();

        assertThat(loaded.values().value(ServerKeys.NUM_PARTITIONS)).isEqualTo(5);
        assertThat(loaded.values().value(ServerKeys.NODE_ID)).isEqualTo(7);
    }

    @Test
    void everyProblemIsToldAtOnceWithItsPlace() {
        loader.file("server.properties", "# comment\nnum.partitions=none\nlog.dirz=/x\n\nnode.id=-1\n")
                .set("log.roll.ms=0")
                .set("nonsense");

        assertThatThrownBy(loader::load)
                .isInstanceOf(ConfigException.class)
                .hasMessage("5 settings cannot be used:\n"
                        + "  --set nonsense: expected name=value\n"
                        + "  server.properties line 3: config log.dirz is not known for a broker:"
                        + " the closest known one is log.dirs\n"
                        + "  --set log.roll.ms: config log.roll.ms=0 refused: expected a number not below 1\n"
                        + "  server.properties line 5: config node.id=-1 refused: expected a number not below 0\n"
                        + "  server.properties line 2: config num.partitions=none refused:"
                        + " expected a value of type INT");
    }

    @Test
    void aMalformedLineIsAProblem() {
        loader.file("server.properties", "node.id=\\u12\n");

        assertThatThrownBy(loader::load)
                .hasMessage("server.properties line 1: expected name=value and \\u before four digits");
    }

    @Test
    void whatHasNoEffectIsToldAndKept() {
        var loaded = loader.file("server.properties", "num.partitions=2\nnum.io.threads=8\n")
                .load();

        assertThat(loaded.withoutEffect())
                .containsExactly("server.properties line 2: config num.io.threads has no effect");
        assertThat(loaded.values().asMap()).containsEntry("num.io.threads", "8");
    }

    @Test
    void kafkasOwnExampleFileIsTaken() {
        var loaded = loader.file("server.properties", """
                        process.roles=broker,controller
                        node.id=1
                        controller.quorum.bootstrap.servers=localhost:9093
                        listeners=PLAINTEXT://:9092,CONTROLLER://:9093
                        inter.broker.listener.name=PLAINTEXT
                        advertised.listeners=PLAINTEXT://localhost:9092
                        controller.listener.names=CONTROLLER
                        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL
                        num.network.threads=3
                        num.io.threads=8
                        log.dirs=/tmp/logs
                        num.partitions=1
                        offsets.topic.replication.factor=1
                        transaction.state.log.min.isr=1
                        log.retention.hours=168
                        """).load();

        assertThat(loaded.withoutEffect()).hasSize(3);
        assertThat(Listeners.of(loaded.values(), () -> "host").controller()).hasSize(1);
    }

    @Test
    void settingsThatDoNotFitTogetherAreRefused() {
        assertProblem(
                "replica.fetch.wait.max.ms=40000\nreplica.socket.timeout.ms=50000",
                "config replica.fetch.wait.max.ms=40000 refused: expected a number not above"
                        + " replica.lag.time.max.ms=30000");
        assertProblem("node.id=1\nbroker.id=2", "config broker.id=2 refused: expected the same as node.id=1");
        assertProblem(
                "process.roles=broker",
                "config process.roles=broker refused: expected controller too, or controller.quorum.voters, who decide"
                        + " in its stead");
        assertProblem(
                "queued.max.request.bytes=5",
                "config socket.request.max.bytes=104857600 refused: expected a number not above"
                        + " queued.max.request.bytes=5");
        assertProblem(
                "group.consumer.session.timeout.ms=70000",
                "config group.consumer.session.timeout.ms=70000 refused: expected a number not above"
                        + " group.consumer.max.session.timeout.ms=60000");
        assertProblem(
                "broker.session.timeout.ms=10",
                "config broker.heartbeat.interval.ms=2000 refused: expected a number not above"
                        + " broker.session.timeout.ms=10");
        assertProblem(
                "listeners=SSL://:1", "listener SSL asks for SSL, which is not supported yet: expected PLAINTEXT");
    }

    @Test
    void theOlderNameOfTheNodeIdStillCounts() {
        assertThat(ServerKeys.nodeId(loader.set("broker.id=4").load().values())).isEqualTo(4);
        assertThat(ServerKeys.nodeId(loader.set("node.id=4").load().values())).isEqualTo(4);
    }

    private static void assertProblem(String text, String message) {
        var loader = new ConfigLoader(ConfigCatalog.ofBroker(List.of())).file("f", text);
        assertThatThrownBy(loader::load).isInstanceOf(ConfigException.class).hasMessage(message);
    }
}
