package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.spi.transport.TransportLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EveryAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "0.0.0.0"})
    void whoListensOnNoHostInParticularIsReachedAtEveryAddressOfTheMachine(String host) throws Exception {
        try (var transport = NettyTransport.open(new TransportContext("everywhere", 1))) {

            var listener = transport
                    .listen(new Endpoint(host, 0), TransportLimits.DEFAULT, connection -> new Deaf())
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);

            assertThat(NetworkInterface.networkInterfaces())
                    .flatMap(each -> each.inetAddresses().toList())
                    .filteredOn(each -> each.getAddress().length == 4)
                    .isNotEmpty()
                    .allSatisfy(each -> connect(each, listener.endpoint().port()));
        }
    }

    private static void connect(InetAddress address, int port) throws IOException {
        new Socket(address, port).close();
    }

    private static final class Deaf implements ConnectionHandler {

        @Override
        public void received(Frame frame) {
            frame.close();
        }

        @Override
        public void writabilityChanged(boolean writable) {}

        @Override
        public void closed(@Nullable Throwable cause) {}
    }
}
