package io.thalweg.integration.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.integration.wire.RawClient;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.message.ApiVersionsRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** More connections than are allowed, in all or from one address: those beyond are closed, and those before get on. */
final class ConnectionLimitsTest {

    private static final String HERE = "127.0.0.1";
    private static final String ELSEWHERE = "127.0.0.2";

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (var each : opened) {
            each.close();
        }
    }

    private Broker broker(String name, int limit) {
        var broker = Broker.builder()
                .storage(new MemoryStorage())
                .listen("127.0.0.1:0")
                .config(name, Integer.toString(limit))
                .start();
        opened.add(0, broker);
        return broker;
    }

    private RawClient connect(Broker broker, String from) throws IOException {
        var client = RawClient.connect(broker.bootstrap(), from);
        opened.add(0, client);
        return client;
    }

    private static boolean isServed(RawClient client) throws IOException {
        try {
            client.ask(new ApiVersionsRequest("limits", "1"), 3);
            return true;
        } catch (EOFException | SocketException e) {
            return false;
        }
    }

    @Test
    void connectionsBeyondTheLimitAreHungUpOnUntilOneGoes() throws Exception {
        var broker = broker("max.connections", 3);
        var first = connect(broker, HERE);
        for (var client : List.of(first, connect(broker, HERE), connect(broker, HERE))) {
            assertThat(isServed(client)).isTrue();
        }

        assertThat(connect(broker, HERE).bytesUntilHungUp()).isZero();
        assertThat(isServed(first)).isTrue();

        first.close();
        awaitServed(broker, HERE);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere 127.0.0.2 is no address of the machine")
    void connectionsOfOneAddressBeyondItsLimitAreHungUpOn() throws Exception {
        var broker = broker("max.connections.per.ip", 2);
        var first = connect(broker, HERE);
        assertThat(isServed(first)).isTrue();
        assertThat(isServed(connect(broker, HERE))).isTrue();

        assertThat(connect(broker, HERE).bytesUntilHungUp()).isZero();
        assertThat(isServed(connect(broker, ELSEWHERE))).isTrue();

        first.close();
        awaitServed(broker, HERE);
    }

    /** The broker notices a moment later that a connection has gone. */
    private void awaitServed(Broker broker, String from) {
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> isServed(connect(broker, from)));
    }
}
