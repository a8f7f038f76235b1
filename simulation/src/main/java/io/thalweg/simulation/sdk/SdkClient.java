package io.thalweg.simulation.sdk;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.Thalweg;
import io.thalweg.client.ClientRuntime;
import io.thalweg.client.WireClient;
import io.thalweg.simulation.world.SimulatedNetwork;
import io.thalweg.simulation.world.SimulatedProcess;
import io.thalweg.spi.transport.ConnectingLoop;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A client of the SDK on a simulated process. What applications do with it they do on its own loop, where nothing may wait. Owned by the
 * scheduler.
 */
final class SdkClient {

    private final SimulatedProcess process;
    private final ConnectingLoop loop;
    private final Thalweg thalweg;

    SdkClient(SimulatedProcess process, SimulatedNetwork network, int nodeCount) {
        this.process = process;
        this.loop = network.of(process).openLoop("sdk");
        var random = new Random(process.scheduler().random().nextLong());
        var config = ClientConfig.builder(bootstrap(nodeCount))
                .requestTimeout(Duration.ofSeconds(5))
                .retryTimeout(Duration.ofMinutes(30))
                .build();
        this.thalweg = WireClient.on(new ClientRuntime(loop, process.clock(), random), config);
    }

    private static String bootstrap(int nodeCount) {
        return IntStream.rangeClosed(1, nodeCount)
                .mapToObj(node -> "n" + node + ":9092")
                .collect(Collectors.joining(","));
    }

    Thalweg thalweg() {
        return thalweg;
    }

    /** Runs a task of the application's, some random time later that is typically as long as this. */
    void later(long typicalMillis, Runnable task) {
        var nanos = process.scheduler().random().nextLong(TimeUnit.MILLISECONDS.toNanos(2 * typicalMillis));
        process.timers().schedule(nanos, () -> loop.execute(task));
    }

    void execute(Runnable task) {
        loop.execute(task);
    }
}
