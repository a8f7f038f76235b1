package io.thalweg.broker;

import io.thalweg.broker.cluster.DeathWatch;
import io.thalweg.broker.config.QuorumConfig;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.broker.metadata.BrokerConfigSchema;
import io.thalweg.broker.metadata.FirstImage;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.request.ControllerAnswers;
import io.thalweg.broker.runtime.PoolLoop;
import io.thalweg.broker.runtime.World;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.coordinator.controller.ControllerRuntime;
import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.coordination.AskableLog;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.MetadataLogProvider;
import java.util.List;
import java.util.Objects;

/**
 * Builds a server that votes on metadata and is no broker, and starts it: a controller on the metadata log, which the brokers reach on the
 * ways of the quorum. It has no shards, no storage and no listener for clients.
 */
final class ControllerAssembly {

    private final Plan plan;
    private final MetadataLogProvider quorum;
    private final World world;
    private final ResourceStack parts;

    private ControllerAssembly(Plan plan, MetadataLogProvider quorum, World world, ResourceStack parts) {
        this.plan = plan;
        this.quorum = quorum;
        this.world = world;
        this.parts = parts;
    }

    /** One on this machine. */
    static ControllerAssembly onMachine(Plan plan) {
        var nodeId = ServerKeys.nodeId(plan.config());
        var parts = new ResourceStack(World.patienceOf(nodeId));
        parts.push(plan.meters());
        var quorum = Objects.requireNonNull(plan.metadataLog(), "metadata log");
        return new ControllerAssembly(plan, quorum, World.ofMachine(nodeId, parts::push), parts);
    }

    Broker start() {
        try {
            return build();
        } catch (RuntimeException | Error e) {
            parts.close();
            throw e;
        }
    }

    private Broker build() {
        var config = plan.config();
        var loop = parts.push(new PoolLoop(world.workers().start("controller", 1)));
        var metadataLog = parts.push(quorum.open(new MetadataLogContext(
                config, QuorumConfig.of(config), world.clock(), world.timers(), world.workers(), world.random())));
        if (!(metadataLog instanceof AskableLog members)) {
            throw new ConfigException("config process.roles=controller refused: the metadata log " + quorum.name()
                    + " has no way to a server that is no broker");
        }
        var first = new FirstImage();
        var controller = parts.push(new Controller(
                new ControllerRuntime(loop, world.clock(), world.timers(), world.random()),
                ControllerSettings.of(config, false),
                metadataLog,
                new BrokerConfigSchema(ServerKeys.nodeId(config), plan.catalog(), config, true),
                first));
        members.answerBy(new ControllerAnswers(controller));
        controller.start();
        var transport = parts.push(Transports.open("thalweg-" + ServerKeys.nodeId(config) + "-network", 1));
        parts.push(new DeathWatch(
                        new DeathWatch.Ground(loop, world.clock(), world.timers(), transport),
                        first::leads,
                        first::known,
                        controller::brokerDied))
                .begin();
        var clusterId = new Steps(world.patience(), plan.givenUp())
                .finish(
                        first.clusterId(),
                        "reading the metadata log",
                        () -> "waiting for a majority of the servers that vote on metadata");
        return new Broker(clusterId, List.of(), new TopicTable(), parts, () -> {});
    }
}
