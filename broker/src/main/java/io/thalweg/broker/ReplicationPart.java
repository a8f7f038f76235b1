package io.thalweg.broker;

import io.thalweg.broker.config.BrokerLayers;
import io.thalweg.broker.config.QuotaKeys;
import io.thalweg.broker.config.ReplicationKeys;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.broker.follower.FetcherConfig;
import io.thalweg.broker.follower.ReplicaFetchers;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.broker.metadata.IsrAlterations;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.peer.PeerRuntime;
import io.thalweg.broker.quota.ReplicationThrottle;
import io.thalweg.broker.shard.IsrRequests;
import io.thalweg.broker.shard.LeadershipListener;
import io.thalweg.broker.shard.ReplicationPorts;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the partitions of a broker among others need of them. Confined to the building of one broker, but for what it hands out: shards are
 * there before anybody is known to ask.
 */
final class ReplicationPart {

    private final ConfigValues config;
    private final PeerRuntime peers;
    private final ReplicationThrottle throttle;
    private final CompletableFuture<ControllerChannel> controller = new CompletableFuture<>();
    private final CompletableFuture<MetadataFollower> metadata = new CompletableFuture<>();

    ReplicationPart(ConfigValues config, PeerRuntime peers) {
        this.config = config;
        this.peers = peers;
        this.throttle = ReplicationThrottle.ofFollowers(throttling(config, this::image, peers.clock()));
    }

    /** What throttles of a broker take from it. */
    static ReplicationThrottle.Ground throttling(ConfigValues config, Supplier<MetadataImage> image, Clock clock) {
        var nodeId = ServerKeys.nodeId(config);
        var windows = config.value(QuotaKeys.REPLICATION_QUOTA_WINDOW_COUNT) - 1L;
        return new ReplicationThrottle.Ground(
                nodeId,
                image,
                known -> BrokerLayers.of(known, nodeId, config).effective(),
                clock::nanos,
                windows * TimeUnit.SECONDS.toNanos(config.value(QuotaKeys.REPLICATION_QUOTA_WINDOW_SECONDS)));
    }

    private MetadataImage image() {
        var follower = metadata.getNow(null);
        return follower == null ? MetadataImage.EMPTY : follower.image();
    }

    /** For the partitions of one shard. */
    ReplicationPorts ports(EventLoop shard, LeadershipListener leadership) {
        var fetchers = new ReplicaFetchers(peers, FetcherConfig.of(config), this::brokerEpoch, throttle);
        return new ReplicationPorts(leadership, fetchers, requests(shard), lagNanos());
    }

    private IsrRequests requests(EventLoop shard) {
        var asking =
                controller.thenCombine(metadata, (channel, follower) -> new IsrAlterations(shard, channel, follower));
        // No partition is led before both are there.
        return (partition, leaderEpoch, change) -> asking.join().request(partition, leaderEpoch, change);
    }

    private long brokerEpoch() {
        var follower = metadata.getNow(null);
        return follower == null
                ? -1
                : follower.known()
                        .broker(ServerKeys.nodeId(config))
                        .map(BrokerImage::epoch)
                        .orElse(-1L);
    }

    /** How long a follower may be behind and stay in sync. */
    long lagNanos() {
        return TimeUnit.MILLISECONDS.toNanos(config.value(ReplicationKeys.REPLICA_LAG_TIME_MAX_MILLIS));
    }

    /** Asks this controller from now on. */
    void connect(ControllerChannel channel, MetadataFollower follower) {
        metadata.complete(follower);
        controller.complete(channel);
    }
}
