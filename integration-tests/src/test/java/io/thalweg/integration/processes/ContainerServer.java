package io.thalweg.integration.processes;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import com.github.dockerjava.api.model.ContainerNetwork;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.LogMessageWaitStrategy;
import org.testcontainers.containers.wait.strategy.WaitStrategy;

/** {@code thalweg server} in a container that keeps its data and its port over restarts. Owned by the test. */
final class ContainerServer implements StrikableServer {

    private static final int END_LIMIT_SECONDS = 60;

    private final int id;
    private final GenericContainer<?> container;
    private int startCount;

    /** A server that does not run yet. */
    ContainerServer(int id, GenericContainer<?> container) {
        this.id = id;
        this.container = container;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public void start() {
        if (container.isRunning()) {
            return;
        }
        startCount++;
        if (startCount == 1) {
            container.waitingFor(ready()).start();
        } else {
            client().startContainerCmd(container.getContainerId()).exec();
            ready().waitUntilReady(container);
        }
    }

    /** It has said so as often as it was started. */
    private WaitStrategy ready() {
        return new LogMessageWaitStrategy()
                .withRegEx(".*Thalweg ready on .*")
                .withTimes(startCount)
                .withStartupTimeout(Duration.ofSeconds(60));
    }

    @Override
    public void kill() {
        if (container.isRunning()) {
            client().killContainerCmd(container.getContainerId()).exec();
            client().waitContainerCmd(container.getContainerId())
                    .exec(new WaitContainerResultCallback())
                    .awaitStatusCode(END_LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Override
    public void stop() {
        client().stopContainerCmd(container.getContainerId())
                .withTimeout(END_LIMIT_SECONDS)
                .exec();
    }

    /** The engine gives up freezing processes that are very busy. */
    @Override
    public void pause() {
        Awaitility.await("pause of container " + id)
                .atMost(Duration.ofSeconds(END_LIMIT_SECONDS))
                .ignoreExceptionsInstanceOf(InternalServerErrorException.class)
                .until(() -> {
                    client().pauseContainerCmd(container.getContainerId()).exec();
                    return true;
                });
    }

    @Override
    public void resume() {
        client().unpauseContainerCmd(container.getContainerId()).exec();
    }

    /** Nobody reaches it, and it reaches nobody. */
    void leave(Network network) {
        client().disconnectFromNetworkCmd()
                .withContainerId(container.getContainerId())
                .withNetworkId(network.getId())
                .exec();
    }

    /** The way back, under the same name. */
    void join(Network network) {
        client().connectToNetworkCmd()
                .withContainerId(container.getContainerId())
                .withNetworkId(network.getId())
                .withContainerNetwork(new ContainerNetwork().withAliases(container.getNetworkAliases()))
                .exec();
    }

    /** What it has written since its first start. */
    String log() {
        return startCount == 0 ? "" : container.getLogs();
    }

    /** Ends it and removes all that it has kept. */
    void remove() {
        container.stop();
    }

    private DockerClient client() {
        return container.getDockerClient();
    }
}
