package io.thalweg.client;

import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.ApiVersionsResponse;
import io.thalweg.protocol.message.InitProducerIdResponse;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.MessageCodec;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.protocol.message.ResponseHeader;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A peer that answers as the test tells it: one topic with some partitions, and per API a script. A script that gives null hangs up. Its
 * thread is the network's.
 */
final class ScriptedBroker implements AutoCloseable {

    static final String TOPIC = "flights";
    static final UUID TOPIC_ID = new UUID(7, 7);
    /** What a script gives to stay silent. */
    static final ResponseMessage NO_ANSWER = ProduceResponse.builder().build();

    static final long FIRST_PRODUCER_ID = 4_000;
    static final Endpoint OTHER = new Endpoint("other", 9092);
    private static final Endpoint ENDPOINT = new Endpoint("broker", 9092);

    private final InProcessNetwork network = InProcessNetwork.open();
    private final Map<ApiKey, Script> scripts = new EnumMap<>(ApiKey.class);
    private final Map<ApiKey, Short> maxVersions = new ConcurrentHashMap<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    private final AtomicLong nextProducerId = new AtomicLong(FIRST_PRODUCER_ID);

    /** What arrived. */
    record Seen(ApiKey api, short version, RequestMessage message) {}

    /** Gives the answer. */
    @FunctionalInterface
    interface Script {
        @Nullable ResponseMessage answer(short version, RequestMessage request);
    }

    static ScriptedBroker open(int partitions) {
        var broker = new ScriptedBroker();
        broker.on(ApiKey.METADATA, (version, request) -> broker.metadata(partitions));
        broker.on(
                ApiKey.INIT_PRODUCER_ID,
                (version, request) -> InitProducerIdResponse.builder()
                        .producerId(broker.nextProducerId.getAndIncrement())
                        .producerEpoch((short) 0)
                        .build());
        var unused = broker.network
                .listen(ENDPOINT, TransportLimits.DEFAULT, connection -> broker.new Peer(connection))
                .toCompletableFuture()
                .join();
        return broker;
    }

    void on(ApiKey api, Script script) {
        scripts.put(api, script);
    }

    void offerUpTo(ApiKey api, int version) {
        maxVersions.put(api, (short) version);
    }

    /** Completes when somebody connects to {@link #OTHER}, which stays silent. */
    CompletableFuture<Boolean> otherIsReached() {
        var reached = new CompletableFuture<Boolean>();
        var unused = network.listen(OTHER, TransportLimits.DEFAULT, connection -> {
                    reached.complete(true);
                    return new Silent();
                })
                .toCompletableFuture()
                .join();
        return reached;
    }

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

    List<Seen> seen(ApiKey api) {
        return seen.stream().filter(each -> each.api() == api).toList();
    }

    InProcessNetwork network() {
        return network;
    }

    Client connect() {
        return Client.connect(network, ConnectionConfig.of(ENDPOINT.toString()));
    }

    MetadataResponse metadata(int partitionsCount) {
        var partitions = new ArrayList<MetadataResponse.Partition>();
        for (int i = 0; i < partitionsCount; i++) {
            partitions.add(new MetadataResponse.Partition((short) 0, i, 1, 3, List.of(1), List.of(1), List.of()));
        }
        return MetadataResponse.builder()
                .brokers(List.of(new MetadataResponse.Broker(1, ENDPOINT.host(), ENDPOINT.port(), null)))
                .clusterId("scripted")
                .controllerId(1)
                .topics(List.of(
                        new MetadataResponse.Topic((short) 0, TOPIC, TOPIC_ID, false, partitions, Integer.MIN_VALUE)))
                .build();
    }

    /** Answers every batch of the request alike. */
    static ProduceResponse produced(ProduceRequest request, ErrorCode code, long baseOffset) {
        return produced(request, partition -> code, baseOffset);
    }

    /** Answers each batch of the request by its partition. */
    static ProduceResponse produced(ProduceRequest request, IntFunction<ErrorCode> codes, long baseOffset) {
        return ProduceResponse.builder()
                .responses(request.topicData().stream()
                        .map(topic -> new ProduceResponse.Topic(
                                topic.name(),
                                topic.topicId(),
                                topic.partitionData().stream()
                                        .map(partition -> ProduceResponse.Partition.builder()
                                                .index(partition.index())
                                                .errorCode(codes.apply(partition.index())
                                                        .code())
                                                .baseOffset(baseOffset)
                                                .build())
                                        .toList()))
                        .toList())
                .build();
    }

    @Override
    public void close() {
        network.close();
    }

    private ApiVersionsResponse versions(ErrorCode code) {
        return ApiVersionsResponse.builder()
                .errorCode(code.code())
                .apiKeys(Arrays.stream(ApiKey.values())
                        .map(api -> new ApiVersionsResponse.ApiVersion(
                                api.id(), api.minVersion(), maxVersions.getOrDefault(api, api.maxStableVersion())))
                        .toList())
                .build();
    }

    private final class Peer implements ConnectionHandler {

        private final Connection connection;

        Peer(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void received(Frame frame) {
            var reader = new MessageReader(frame.bytes());
            var api = ApiKey.forId(frame.bytes().getShort(frame.bytes().position()))
                    .orElseThrow();
            var version = frame.bytes().getShort(frame.bytes().position() + 2);
            var header = RequestHeader.read(reader, api.requestHeaderVersion(version));
            var request = owned(MessageCodec.readRequest(api, reader, version));
            frame.close();
            seen.add(new Seen(api, version, request));
            if (api == ApiKey.API_VERSIONS) {
                var isKnown = version <= maxVersions.getOrDefault(api, api.maxVersion());
                reply(
                        header,
                        api,
                        isKnown ? version : 0,
                        versions(isKnown ? ErrorCode.NONE : ErrorCode.UNSUPPORTED_VERSION));
                return;
            }
            var script = scripts.get(api);
            var answer = script == null ? null : script.answer(version, request);
            if (answer == null) {
                connection.close();
            } else if (answer != NO_ANSWER) {
                reply(header, api, version, answer);
            }
        }

        private void reply(RequestHeader header, ApiKey api, short version, ResponseMessage answer) {
            var responseHeader = new ResponseHeader(header.correlationId());
            var headerVersion = api.responseHeaderVersion(version);
            var frame = connection.newFrame(responseHeader.sizeInBytes(headerVersion) + answer.sizeInBytes(version));
            var writer = new MessageWriter(frame.buffer());
            responseHeader.write(writer, headerVersion);
            answer.write(writer, version);
            connection.send(frame);
        }

        @Override
        public void writabilityChanged(boolean writable) {}

        @Override
        public void closed(@Nullable Throwable cause) {}
    }

    /** Bytes are kept by tests longer than the frame lives. */
    private static RequestMessage owned(RequestMessage request) {
        if (request instanceof JoinGroupRequest join) {
            return join.toBuilder()
                    .protocols(join.protocols().stream()
                            .map(each -> new JoinGroupRequest.Protocol(each.name(), copy(each.metadata())))
                            .toList())
                    .build();
        }
        if (request instanceof SyncGroupRequest sync) {
            return sync.toBuilder()
                    .assignments(sync.assignments().stream()
                            .map(each -> new SyncGroupRequest.Assignment(each.memberId(), copy(each.assignment())))
                            .toList())
                    .build();
        }
        if (!(request instanceof ProduceRequest produce)) {
            return request;
        }
        return produce.toBuilder()
                .topicData(produce.topicData().stream()
                        .map(topic -> new ProduceRequest.Topic(
                                topic.name(),
                                topic.topicId(),
                                topic.partitionData().stream()
                                        .map(each -> new ProduceRequest.Partition(
                                                each.index(), new BufferRecords(copy((BufferRecords) each.records()))))
                                        .toList()))
                        .toList())
                .build();
    }

    private static ByteBuffer copy(@Nullable BufferRecords records) {
        if (records == null) {
            return ByteBuffer.allocate(0);
        }
        return copy(records.bytes());
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
}
