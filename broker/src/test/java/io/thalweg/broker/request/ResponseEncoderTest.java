package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ResponseEncoderTest {

    private final AtomicInteger closedSlices = new AtomicInteger();

    /** An answer whose batches come before what cannot be written. */
    private record HalfWritable(SliceRecords written, boolean hasSize) implements ResponseMessage {

        @Override
        public ApiKey apiKey() {
            return ApiKey.FETCH;
        }

        @Override
        public int sizeInBytes(short version) {
            if (!hasSize) {
                throw new IllegalArgumentException("wanted by the test");
            }
            return 100;
        }

        @Override
        public void write(MessageWriter writer, short version) {
            throw new IllegalArgumentException("wanted by the test");
        }
    }

    private LogSlice slice() {
        return LogSlice.of(List.of(ByteBuffer.allocate(10)), closedSlices::incrementAndGet);
    }

    @Test
    void theBatchesOfAnAnswerThatCannotBeWrittenAreGivenBack() {
        answerWith(true);

        assertThat(closedSlices).hasValue(2);
    }

    @Test
    void theBatchesOfAnAnswerThatHasNoSizeAreGivenBack() {
        answerWith(false);

        assertThat(closedSlices).hasValue(2);
    }

    /** Has a fetch answered with two slices; returns once the broker has hung up. */
    private void answerWith(boolean hasSize) {
        RequestHandler<FetchRequest> handler = (request, exchange) -> {
            var slices = List.of(slice(), slice());
            exchange.reply(new HalfWritable(new SliceRecords(slices.get(0)), hasSize), slices);
        };
        var router = new RequestRouter.Builder().on(ApiKey.FETCH, handler).build();
        try (var network = InProcessNetwork.open()) {
            var listener = BrokerFixture.get(network.listen(
                    new Endpoint("broker", 0),
                    TransportLimits.DEFAULT,
                    connection -> new ClientConnection(
                            connection,
                            FakeCluster.LISTENER,
                            router,
                            new TestClock(),
                            RequestListener.NONE,
                            Throttle.NONE,
                            gone -> {})));
            try (var client = TestClient.connect(network, listener.endpoint())) {
                client.sendOnly(FetchRequest.builder().build(), 12);
                client.awaitClosed();
            }
        }
    }
}
