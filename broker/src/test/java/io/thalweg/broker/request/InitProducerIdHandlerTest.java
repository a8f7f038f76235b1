package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.AllocateProducerIdsRequest;
import io.thalweg.protocol.message.AllocateProducerIdsResponse;
import io.thalweg.protocol.message.InitProducerIdRequest;
import io.thalweg.protocol.message.InitProducerIdResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InitProducerIdHandlerTest {

    private static final int BLOCK = 100;

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();
    private final AtomicLong nextStart = new AtomicLong(5_000);

    @BeforeEach
    void giveBlocks() {
        broker.controller.decides(request -> AllocateProducerIdsResponse.builder()
                .producerIdStart(nextStart.getAndAdd(10 * BLOCK))
                .producerIdLen(BLOCK)
                .build());
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void everyVersionGivesAnIdAtEpoch0(int version) {
        var answer = client.call(request().build(), version, InitProducerIdResponse.class);

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.producerId()).isEqualTo(5_000);
        assertThat(answer.producerEpoch()).isZero();
    }

    @Test
    void theBlockIsAskedForInTheNameOfTheBrokerAndItsEpoch() {
        client.call(request().build(), 4, InitProducerIdResponse.class);

        assertThat(broker.controller.requests()).containsExactly(new AllocateProducerIdsRequest(1, 101));
    }

    @Test
    void noIdIsGivenTwiceAndBlocksAreAskedForBeforeTheyAreNeeded() {
        var clients = Stream.generate(broker::client).limit(4).toList();
        var answers = new ArrayList<CompletableFuture<ResponseMessage>>();
        for (var i = 0; i < 1_000; i++) {
            answers.add(clients.get(i % 4).send(request().build(), 4));
        }

        var ids = new HashSet<Long>();
        for (var answer : answers) {
            ids.add(((InitProducerIdResponse) TestClient.get(answer)).producerId());
        }

        assertThat(ids).hasSize(1_000);
        assertThat(broker.controller.requests()).hasSizeBetween(10, 12);
    }

    @Test
    void whileThereIsNoBlockTheClientIsToldToComeBack() {
        broker.controller.decides(request -> AllocateProducerIdsResponse.builder()
                .errorCode(ErrorCode.STALE_BROKER_EPOCH.code())
                .build());
        assertThat(error(client.call(request().build(), 4, InitProducerIdResponse.class)))
                .isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        broker.controller.decides(request -> {
            throw new IllegalStateException("no controller");
        });
        assertThat(error(client.call(request().build(), 4, InitProducerIdResponse.class)))
                .isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);

        giveBlocks();

        assertThat(client.call(request().build(), 4, InitProducerIdResponse.class)
                        .producerId())
                .isEqualTo(5_000);
    }

    @Test
    void aProducerThatHadAnIdGetsAnother() {
        var again = request().producerId(7).producerEpoch((short) 3).build();

        var answer = client.call(again, 4, InitProducerIdResponse.class);

        assertThat(answer.producerId()).isEqualTo(5_000);
        assertThat(answer.producerEpoch()).isZero();
    }

    @Test
    void anIdComesWithAnEpoch() {
        var halves = new InitProducerIdRequest[] {
            request().producerId(7).build(), request().producerEpoch((short) 3).build()
        };
        for (var half : halves) {
            var answer = client.call(half, 4, InitProducerIdResponse.class);

            assertThat(error(answer)).isEqualTo(ErrorCode.INVALID_REQUEST);
            assertThat(answer.producerId()).isEqualTo(-1);
            assertThat(answer.producerEpoch()).isEqualTo((short) -1);
        }
    }

    @Test
    void transactionsAreRefusedForGood() {
        assertThat(error(client.call(request().transactionalId("tx").build(), 4, InitProducerIdResponse.class)))
                .isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        assertThat(error(client.call(request().transactionalId("").build(), 4, InitProducerIdResponse.class)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    private static InitProducerIdRequest.Builder request() {
        return InitProducerIdRequest.builder().transactionalId(null).transactionTimeoutMillis(60_000);
    }

    private static ErrorCode error(InitProducerIdResponse answer) {
        return ErrorCode.forCode(answer.errorCode()).orElseThrow();
    }
}
