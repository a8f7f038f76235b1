package io.thalweg.broker;

import io.thalweg.broker.config.ListenerConfig;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.broker.group.OffsetsTopic;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.broker.metadata.Incarnation;
import io.thalweg.broker.metadata.LocalControllerChannel;
import io.thalweg.broker.metadata.LogAdoption;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.metadata.SelfRegistration;
import io.thalweg.broker.shard.LeadershipListener;
import io.thalweg.broker.shard.ReplicationPorts;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.coordinator.local.LocalMetadataLog;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.StorageEngine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A broker that is a cluster by itself: its metadata log lies in its storage, and its controller is asked directly. */
final class AlonePart implements CoordinationPart {

    /** The only controller there can be, and who follows it. */
    private record Connected(Controller controller, MetadataFollower follower) {}

    private final ConfigValues config;
    private final Clock clock;
    private final StorageEngine engine;
    private final Steps steps;
    private @Nullable Connected connected;

    AlonePart(ConfigValues config, Clock clock, StorageEngine engine, Steps steps) {
        this.config = config;
        this.clock = clock;
        this.engine = engine;
        this.steps = steps;
    }

    @Override
    public boolean isAlone() {
        return true;
    }

    @Override
    public ReplicationPorts ports(EventLoop shard, LeadershipListener leadership) {
        return ReplicationPorts.alone(leadership);
    }

    @Override
    public MetadataLog openMetadataLog(EventLoop loop) {
        new StorageOwnership(engine, steps).checkAlone();
        return steps.finish(
                LocalMetadataLog.open(engine, loop, clock, ServerKeys.nodeId(config)), "opening the metadata log");
    }

    @Override
    public ControllerChannel connect(
            MetadataLog metadataLog, EventLoop loop, Controller controller, MetadataFollower follower) {
        connected = new Connected(controller, follower);
        adopt(controller, follower);
        return new LocalControllerChannel(controller, follower);
    }

    /** What lies in the storage of a cluster's first broker belongs to its topics. */
    private void adopt(Controller controller, MetadataFollower follower) {
        var adoption = new LogAdoption(engine, controller, ServerKeys.nodeId(config), this::settingsOfAdopted);
        steps.finish(
                follower.firstImage().thenCompose(adoption::run),
                "taking over the logs that were found",
                () -> "reading the ends of the logs that were found");
    }

    /** Nothing that is taken over goes because of a default. */
    private SortedMap<String, String> settingsOfAdopted(String topic) {
        return topic.equals(OffsetsTopic.NAME)
                ? OffsetsTopic.settings(config)
                : new TreeMap<>(Map.of("retention.ms", "-1", "retention.bytes", "-1"));
    }

    @Override
    public CompletionStage<Void> join(List<ListenerConfig> listeners, Incarnation incarnation) {
        var to = Objects.requireNonNull(connected, "connected");
        return new SelfRegistration(ServerKeys.nodeId(config), config, listeners, to.controller(), incarnation)
                .register(to.follower());
    }

    /** Nobody else has a part in anything. */
    @Override
    public void keepUp(Upkeep upkeep) {}

    @Override
    public void silence() {}
}
