package io.thalweg.simulation.load;

import io.thalweg.broker.peer.Peer;
import io.thalweg.broker.peer.PeerAnswer;
import io.thalweg.broker.peer.PeerRuntime;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.simulation.world.SimulatedEventLoop;
import io.thalweg.simulation.world.SimulatedNetwork;
import io.thalweg.simulation.world.SimulatedProcess;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.transport.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** One client's ways to the brokers, by their numbers. Owned by the scheduler. */
public final class ClusterClient {

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final short METADATA_VERSION = 12;

    private final SimulatedProcess process;
    private final SimulatedEventLoop loop;
    private final PeerRuntime runtime;
    private final int nodeCount;
    private final RandomGenerator random;
    private final Map<Integer, Peer> peers = new HashMap<>();

    /** A client with no connection yet. */
    public ClusterClient(SimulatedProcess process, SimulatedNetwork network, int nodeCount) {
        this.process = process;
        this.loop = new SimulatedEventLoop(process.lane("client"));
        this.runtime = new PeerRuntime(network.of(process), process.clock(), process.timers(), process.toString());
        this.nodeCount = nodeCount;
        this.random = process.scheduler().random();
    }

    RandomGenerator random() {
        return random;
    }

    SimulatedProcess process() {
        return process;
    }

    /** Runs a task of the client's, later. */
    Timers.Timer later(long delayNanos, Runnable task) {
        return process.timers().schedule(delayNanos, () -> loop.execute(task));
    }

    /** Sends to one broker; fails if there is no answer in time. */
    <R extends ResponseMessage> CompletionStage<PeerAnswer<R>> send(
            int node, RequestMessage request, int version, Class<R> type) {
        var answer = new CompletableFuture<PeerAnswer<R>>();
        loop.execute(() -> peer(node)
                .send(request, (short) version, type, TIMEOUT_NANOS)
                .whenComplete((given, failure) -> {
                    if (failure == null) {
                        answer.complete(given);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                }));
        return answer;
    }

    /** Sends to any broker. */
    <R extends ResponseMessage> CompletionStage<PeerAnswer<R>> sendToAny(
            RequestMessage request, int version, Class<R> type) {
        return send(1 + random.nextInt(nodeCount), request, version, type);
    }

    /** Asks any broker what it knows of a topic. */
    CompletionStage<MetadataResponse> metadata(String topic) {
        var request = MetadataRequest.builder()
                .topics(List.of(MetadataRequest.Topic.builder().name(topic).build()))
                .allowAutoTopicCreation(false)
                .build();
        return sendToAny(request, METADATA_VERSION, MetadataResponse.class).thenApply(answer -> {
            answer.close();
            return answer.message();
        });
    }

    private Peer peer(int node) {
        return peers.computeIfAbsent(node, id -> new Peer(runtime, loop, new Endpoint("n" + id, 9092)));
    }
}
