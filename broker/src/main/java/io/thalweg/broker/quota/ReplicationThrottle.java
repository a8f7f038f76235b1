package io.thalweg.broker.quota;

import io.thalweg.broker.config.ReplicationKeys;
import io.thalweg.broker.config.ThrottleConfig;
import io.thalweg.broker.config.TopicKeys;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds replicas that catch up to a rate (KIP-73): those that topics list, as their leader or as followers. Any thread.
 *
 * <p>Whoever replicates asks before it does how long it has to wait, and says afterwards how much it was. In-sync replicas do neither:
 * their bytes are not counted.
 */
public final class ReplicationThrottle {

    private static final String KIND = "replication";

    private final ConfigKey<Long> rate;
    private final ConfigKey<List<String>> replicas;
    private final Listing listing;
    private final Ground ground;
    private final Debts debts = new Debts();
    private volatile @Nullable Known known;

    private interface Listing {
        boolean has(ThrottleConfig config, int partition, int broker);
    }

    /**
     * What it takes from the broker.
     *
     * @param cluster the newest metadata
     * @param settings those of this broker, as they are with an image
     * @param nanos the broker's clock
     * @param burstNanos what was not used for so long may be used at once
     */
    public record Ground(
            int brokerId,
            Supplier<MetadataImage> cluster,
            Function<MetadataImage, ConfigValues> settings,
            LongSupplier nanos,
            long burstNanos) {}

    /** What one image says. */
    private record Known(MetadataImage image, long bytesPerSecond, Map<String, ThrottleConfig> topics) {}

    private ReplicationThrottle(
            ConfigKey<Long> rate, ConfigKey<List<String>> replicas, Listing listing, Ground ground) {
        this.rate = rate;
        this.replicas = replicas;
        this.listing = listing;
        this.ground = ground;
    }

    /** For what is sent. */
    public static ReplicationThrottle ofLeaders(Ground ground) {
        return new ReplicationThrottle(
                ReplicationKeys.LEADER_THROTTLED_RATE,
                TopicKeys.LEADER_THROTTLED_REPLICAS,
                ThrottleConfig::throttlesLeader,
                ground);
    }

    /** For what is fetched. */
    public static ReplicationThrottle ofFollowers(Ground ground) {
        return new ReplicationThrottle(
                ReplicationKeys.FOLLOWER_THROTTLED_RATE,
                TopicKeys.FOLLOWER_THROTTLED_REPLICAS,
                ThrottleConfig::throttlesFollower,
                ground);
    }

    /** Whether this broker's replica of the partition is held to the rate while it, or who fetches it, is not in sync. */
    public boolean concerns(LogId partition) {
        var now = known();
        var listed = now.bytesPerSecond < Long.MAX_VALUE ? now.topics.get(partition.topic()) : null;
        return listed != null && listing.has(listed, partition.partition(), ground.brokerId);
    }

    /** For how long nothing may be replicated; 0 if something may. */
    public long unpaidNanos() {
        return use(0);
    }

    /** So many bytes were. */
    public void used(long bytes) {
        use(bytes);
    }

    private long use(long bytes) {
        var bytesPerSecond = known().bytesPerSecond;
        if (bytesPerSecond <= 0) {
            return Long.MAX_VALUE;
        }
        return debts.charge(
                new Debts.Use(KIND, "", bytes, bytesPerSecond, ground.burstNanos), ground.nanos.getAsLong());
    }

    @SuppressWarnings("ReferenceEquality") // Another image that is equal is only looked through once more.
    private Known known() {
        var image = ground.cluster.get();
        var last = known;
        if (last == null || last.image != image) {
            last = read(image);
            known = last;
        }
        return last;
    }

    private Known read(MetadataImage image) {
        var topics = new HashMap<String, ThrottleConfig>();
        for (var config : image.configs()) {
            var value = config.values().get(replicas.name());
            if (value != null && config.resource().type() == ConfigResource.Type.TOPIC) {
                var listed = replicas.parse(value);
                topics.put(config.resource().name(), new ThrottleConfig(listed, listed));
            }
        }
        return new Known(
                image,
                topics.isEmpty() ? Long.MAX_VALUE : ground.settings.apply(image).value(rate),
                topics);
    }
}
