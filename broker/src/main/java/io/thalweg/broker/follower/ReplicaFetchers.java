package io.thalweg.broker.follower;

import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.peer.PeerRuntime;
import io.thalweg.broker.quota.ReplicationThrottle;
import io.thalweg.broker.shard.FollowingListener;
import io.thalweg.broker.shard.PartitionHost;
import io.thalweg.spi.transport.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** The fetchers of one shard, one for each leader that its followers have. Owned by the shard. */
public final class ReplicaFetchers implements FollowingListener {

    private final PeerRuntime runtime;
    private final FetcherConfig config;
    private final LongSupplier brokerEpoch;
    private final ReplicationThrottle throttle;
    private final Map<Source, ReplicaFetcher> fetchers = new LinkedHashMap<>();

    /** A broker where it can be reached at present. */
    private record Source(int leaderId, Endpoint endpoint) {}

    /**
     * Fetchers of nothing yet.
     *
     * @param brokerEpoch of this broker's present life, which leaders want to know; any thread may ask
     * @param throttle holds up those that catch up
     */
    public ReplicaFetchers(
            PeerRuntime runtime, FetcherConfig config, LongSupplier brokerEpoch, ReplicationThrottle throttle) {
        this.runtime = runtime;
        this.config = config;
        this.brokerEpoch = brokerEpoch;
        this.throttle = throttle;
    }

    @Override
    public void began(PartitionHost host, FollowerPartition follower) {
        var following = follower.following();
        var endpoint = following.leader();
        if (following.leaderId() >= 0 && endpoint != null) {
            fetchers.computeIfAbsent(
                            new Source(following.leaderId(), endpoint),
                            source -> new ReplicaFetcher(
                                    host,
                                    runtime,
                                    new ReplicaFetcher.Terms(config, brokerEpoch, throttle),
                                    source.endpoint()))
                    .add(follower);
        }
    }

    @Override
    public void ended(FollowerPartition follower) {
        var following = follower.following();
        var endpoint = following.leader();
        if (endpoint != null) {
            var source = new Source(following.leaderId(), endpoint);
            var fetcher = fetchers.get(source);
            if (fetcher != null) {
                fetcher.remove(follower);
                closeIfEmpty(source, fetcher);
            }
        }
    }

    private void closeIfEmpty(Source source, ReplicaFetcher fetcher) {
        if (fetcher.isEmpty()) {
            fetchers.remove(source);
            fetcher.close();
        }
    }
}
