package io.thalweg.broker.follower;

import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.peer.PeerRuntime;
import io.thalweg.broker.shard.FollowingListener;
import io.thalweg.broker.shard.PartitionHost;
import io.thalweg.spi.transport.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fetchers of one shard, one for each leader that its followers have. Owned by the shard. */
public final class ReplicaFetchers implements FollowingListener {

    private final PeerRuntime runtime;
    private final FetcherConfig config;
    private final Map<Source, ReplicaFetcher> fetchers = new LinkedHashMap<>();

    /** A broker where it can be reached at present. */
    private record Source(int leaderId, Endpoint endpoint) {}

    public ReplicaFetchers(PeerRuntime runtime, FetcherConfig config) {
        this.runtime = runtime;
        this.config = config;
    }

    @Override
    public void began(PartitionHost host, FollowerPartition follower) {
        var following = follower.following();
        var endpoint = following.leader();
        if (following.leaderId() >= 0 && endpoint != null) {
            fetchers.computeIfAbsent(
                            new Source(following.leaderId(), endpoint),
                            source -> new ReplicaFetcher(host, runtime, config, source.endpoint()))
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
