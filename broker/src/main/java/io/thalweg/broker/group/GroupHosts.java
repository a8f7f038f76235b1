package io.thalweg.broker.group;

import io.thalweg.broker.config.GroupKeys;
import io.thalweg.broker.config.GroupSettings;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.shard.LeadershipListener;
import io.thalweg.broker.shard.Shard;
import io.thalweg.coordinator.group.GroupRuntime;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The group hosts of a broker, one for each shard, and the thread that loads their coordinators. Built up by one thread. */
public final class GroupHosts implements AutoCloseable {

    private final ConfigValues config;
    private final Clock clock;
    private final Timers timers;
    private final RandomGenerator random;
    private final Workers.Pool loader;
    private final List<GroupHost> hosts = new ArrayList<>();
    private volatile Supplier<MetadataImage> cluster = () -> MetadataImage.EMPTY;

    public GroupHosts(ConfigValues config, Clock clock, Timers timers, RandomGenerator random, Workers workers) {
        this.config = config;
        this.clock = clock;
        this.timers = timers;
        this.random = random;
        this.loader = workers.start("groups", 1);
    }

    /** Adds a host on the next shard; the result is to hear which partitions the shard leads. */
    public LeadershipListener add(Shard shard) {
        var host = new GroupHost(
                shard,
                new GroupRuntime(shard, clock, timers, random, this::image),
                GroupSettings.of(config),
                TimeUnit.MILLISECONDS.toNanos(config.value(GroupKeys.OFFSETS_COMMIT_TIMEOUT_MILLIS)),
                loader);
        hosts.add(host);
        return host;
    }

    /** Says where coordinators see the topics that members subscribe to; before there are any. */
    public void connect(ClusterView view) {
        cluster = view::image;
    }

    private MetadataImage image() {
        return cluster.get();
    }

    /** The host on the shard of this index. */
    GroupHost on(int shardIndex) {
        return hosts.get(shardIndex);
    }

    /** Ends the thread that loads; after the shards. */
    @Override
    public void close() {
        loader.close();
    }

    /** A topic is gone, and with it the offsets in it. Any thread. */
    public void topicDeleted(String topic) {
        hosts.forEach(host -> host.topicDeleted(topic));
    }
}
