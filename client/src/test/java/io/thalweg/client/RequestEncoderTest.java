package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RequestEncoderTest {

    private static final Endpoint BROKER = new Endpoint("broker", 9092);

    /** A request that says what size it has and then cannot be written. */
    private static final class Unwritable implements RequestMessage {

        @Override
        public ApiKey apiKey() {
            return ApiKey.METADATA;
        }

        @Override
        public int sizeInBytes(short version) {
            return 10;
        }

        @Override
        public void write(MessageWriter writer, short version) {
            throw new IllegalArgumentException("wanted by the test");
        }
    }

    /** Says nothing. */
    private static final class Silent implements ConnectionHandler {

        @Override
        public void received(Frame frame) {
            frame.close();
        }

        @Override
        public void writabilityChanged(boolean writable) {}

        @Override
        public void closed(@Nullable Throwable cause) {}
    }

    @Test
    void theFrameOfARequestThatCannotBeWrittenIsGivenBack() {
        try (var network = InProcessNetwork.open()) {
            network.listen(BROKER, TransportLimits.DEFAULT, peer -> new Silent())
                    .toCompletableFuture()
                    .join();
            var connection = network.connect(BROKER, TransportLimits.DEFAULT, peer -> new Silent())
                    .toCompletableFuture()
                    .join();

            assertThatThrownBy(() -> send(connection).join()).hasRootCauseMessage("wanted by the test");

            assertThat(network.openFrameCount()).isZero();
        }
    }

    private static CompletableFuture<Void> send(Connection connection) {
        var header = new RequestHeader(ApiKey.METADATA.id(), (short) 9, 1, "test");
        return CompletableFuture.runAsync(
                () -> RequestEncoder.send(connection, ApiKey.METADATA, header, new Unwritable()),
                connection.eventLoop());
    }
}
