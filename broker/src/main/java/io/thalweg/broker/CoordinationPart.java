package io.thalweg.broker;

import io.thalweg.broker.config.ListenerConfig;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.broker.metadata.Incarnation;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.shard.LeadershipListener;
import io.thalweg.broker.shard.ReplicationPorts;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.runtime.EventLoop;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What a broker has of the others of its cluster, which are none or some. Its methods are steps of the building of one broker, to be taken
 * in this order.
 */
sealed interface CoordinationPart permits AlonePart, ClusterPart {

    /** Whether the broker is a cluster by itself. */
    boolean isAlone();

    /** What the partitions of one shard need of other brokers; they may ask once {@link #connect} is done. */
    ReplicationPorts ports(EventLoop shard, LeadershipListener leadership);

    /** The metadata log, whose events come on a loop. */
    MetadataLog openMetadataLog(EventLoop loop);

    /** The way to the controller for what clients ask; the metadata was read. */
    ControllerChannel connect(
            MetadataLog metadataLog, EventLoop loop, Controller controller, MetadataFollower follower);

    /** Completes once this broker is one of the cluster's and leads all that it is to lead. */
    CompletionStage<Void> join(List<ListenerConfig> listeners, Incarnation incarnation);

    /** Has looked after what others have a part in, from now on. */
    void keepUp(Upkeep upkeep);

    /** Has nothing more said to the controller. */
    void silence();
}
