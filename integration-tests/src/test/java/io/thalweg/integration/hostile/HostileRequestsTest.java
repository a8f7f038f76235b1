package io.thalweg.integration.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.integration.wire.RawClient;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ApiVersionsRequest;
import io.thalweg.protocol.message.ApiVersionsResponse;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.record.Compression;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames that hold no request, or one with a batch that must not be kept: Kafka's error, or the broker hangs up. */
final class HostileRequestsTest {

    private static final short PRODUCE_VERSION = 11;
    /** More than a broker decompresses, 64 MiB. */
    private static final int BOMB_RECORDS = 100;
    /** What a request may make the event loops allocate, whatever it says it holds. */
    private static final long HEAP_BYTES = 24L << 20;

    @RegisterExtension
    private static final Scene scene = new Scene();

    @ParameterizedTest
    @ValueSource(shorts = {-1, 4, 5, 6, 7, 52, 56, 58, 62, 63, 67, 73, 999, Short.MAX_VALUE, Short.MIN_VALUE})
    void anApiThatIsNotForClientsIsHungUpOn(short key) throws Exception {
        try (var client = scene.connect()) {
            client.send(RawClient.framed(header(key, (short) 0)));

            assertThat(client.bytesUntilHungUp()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"PRODUCE, 0", "PRODUCE, 2", "PRODUCE, 14", "FETCH, 3", "FETCH, 99", "METADATA, -1", "METADATA, 32767"})
    void aVersionThatIsNotAnsweredIsHungUpOn(ApiKey api, short version) throws Exception {
        try (var client = scene.connect()) {
            client.send(RawClient.framed(header(api.id(), version)));

            assertThat(client.bytesUntilHungUp()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(shorts = {5, 99, -1, Short.MAX_VALUE})
    void anUnknownVersionOfApiVersionsIsToldWhichToUse(short version) throws Exception {
        try (var client = scene.connect()) {
            client.send(RawClient.framed(header(ApiKey.API_VERSIONS.id(), version)));

            var answer = (ApiVersionsResponse) client.answer(ApiKey.API_VERSIONS, 0, 1);

            assertThat(answer.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
            assertThat(answer.apiKeys())
                    .containsExactly(
                            new ApiVersionsResponse.ApiVersion(ApiKey.API_VERSIONS.id(), (short) 0, (short) 4));
            assertThat(client.ask(new ApiVersionsRequest("any", "1"), 4)).isNotNull();
        }
    }

    @Test
    void everyBeginningOfARequestIsHungUpOn() throws Exception {
        var whole = RawClient.encoded(produce(Batches.sound()), PRODUCE_VERSION, 1);
        for (var bytes = 0; bytes < whole.length; bytes++) {
            try (var client = scene.connect()) {
                client.send(RawClient.framed(Arrays.copyOf(whole, bytes)));

                assertThat(client.bytesUntilHungUp()).as("%d bytes", bytes).isZero();
            }
        }
    }

    @Test
    void requestsOfRandomBytesAreAnsweredOrHungUpOn() throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        System.out.println("hostile requests: -Dseed=" + seed);
        for (var offered : offered()) {
            for (var version = offered.minVersion(); version <= offered.maxVersion(); version++) {
                var body = new byte[random.nextInt(200)];
                random.nextBytes(body);
                var header = header(offered.apiKey(), version);
                var request = ByteBuffer.allocate(header.length + body.length)
                        .put(header)
                        .put(body);
                try (var client = scene.connect()) {
                    client.send(RawClient.framed(request.array())).endOutput().bytesUntilHungUp();
                }
            }
        }
    }

    private static List<ApiVersionsResponse.ApiVersion> offered() throws Exception {
        try (var client = scene.connect()) {
            return ((ApiVersionsResponse) client.ask(new ApiVersionsRequest("any", "1"), 4)).apiKeys();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 1 << 24, 3, -2})
    void aCountOfThingsThatAreNotThereIsHungUpOn(int count) throws Exception {
        var header = header(ApiKey.METADATA.id(), (short) 1);
        var request =
                ByteBuffer.allocate(header.length + Integer.BYTES).put(header).putInt(count);

        var heapBytes = scene.heapBytesOf(() -> {
            try (var client = scene.connect()) {
                client.send(RawClient.framed(request.array()));

                assertThat(client.bytesUntilHungUp()).isZero();
            }
        });

        assertThat(heapBytes).isLessThan(HEAP_BYTES);
    }

    @Test
    void aBatchWithAWrongCrcIsRefusedAndTheNextOneIsNot() throws Exception {
        try (var client = scene.connect()) {
            assertThat(errorOf(client, Batches.withWrongCrc())).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
            assertThat(errorOf(client, Batches.sound())).isEqualTo(ErrorCode.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource({"GZIP, MESSAGE_TOO_LARGE", "SNAPPY, NONE", "LZ4, NONE", "ZSTD, MESSAGE_TOO_LARGE"})
    void aBatchThatGrowsIsNeverHeldInMemoryAndIsRefusedIfItGrowsTooFar(Compression compression, ErrorCode error)
            throws Exception {
        var bomb = Batches.bomb(compression, BOMB_RECORDS);
        assertThat(bomb.remaining()).isLessThan(Scene.MAX_BATCH_BYTES);
        var netty = Memory.nettyBytes();

        var heapBytes = scene.heapBytesOf(() -> {
            try (var client = scene.connect()) {
                assertThat(errorOf(client, bomb)).isEqualTo(error);
                assertThat(errorOf(client, bomb)).isEqualTo(error);
                assertThat(errorOf(client, Batches.sound())).isEqualTo(ErrorCode.NONE);
            }
        });

        assertThat(heapBytes).isLessThan(HEAP_BYTES);
        assertThat(Memory.nettyBytes() - netty).isLessThan(2L * Scene.MAX_BATCH_BYTES);
    }

    @ParameterizedTest
    @CsvSource({
        "GZIP, 1f8b08000000000000ff",
        "GZIP, 00",
        // A block that says it holds 4 GiB.
        "SNAPPY, ffffffff0f00",
        "SNAPPY, 82534e41505059000000000100000001ffffffff",
        "LZ4, 04224d186040820000008000",
        // A window of 2 GiB, then a block of one byte repeated.
        "ZSTD, 28b52ffd00a8030010ff",
        "ZSTD, 28b52ffd",
    })
    void recordsThatDoNotDecompressAreRefused(Compression compression, String hex) throws Exception {
        var batch = Batches.claiming(compression, HexFormat.of().parseHex(hex));

        var heapBytes = scene.heapBytesOf(() -> {
            try (var client = scene.connect()) {
                assertThat(errorOf(client, batch)).isEqualTo(ErrorCode.INVALID_RECORD);
                assertThat(errorOf(client, Batches.sound())).isEqualTo(ErrorCode.NONE);
            }
        });

        assertThat(heapBytes).isLessThan(HEAP_BYTES);
    }

    @Test
    void aBatchBeyondTheTopicsLimitIsRefused() throws Exception {
        try (var client = scene.connect()) {
            var batch = Batches.claiming(Compression.NONE, new byte[Scene.MAX_BATCH_BYTES]);

            assertThat(errorOf(client, batch)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
        }
    }

    private static byte[] header(short key, short version) {
        return ByteBuffer.allocate(10)
                .putShort(key)
                .putShort(version)
                .putInt(1)
                .putShort((short) -1)
                .array();
    }

    private static ErrorCode errorOf(RawClient client, ByteBuffer batch) throws Exception {
        var answer = (ProduceResponse) client.ask(produce(batch), PRODUCE_VERSION);
        return ErrorCode.forCode(
                        answer.responses().get(0).partitionResponses().get(0).errorCode())
                .orElseThrow();
    }

    private static ProduceRequest produce(ByteBuffer batch) {
        var partition = ProduceRequest.Partition.builder()
                .index(0)
                .records(new BufferRecords(batch))
                .build();
        var topic = ProduceRequest.Topic.builder()
                .name(Scene.TARGET)
                .partitionData(List.of(partition))
                .build();
        return ProduceRequest.builder()
                .acks((short) -1)
                .timeoutMillis(60_000)
                .topicData(List.of(topic))
                .build();
    }
}
