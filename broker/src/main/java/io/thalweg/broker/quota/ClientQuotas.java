package io.thalweg.broker.quota;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.QuotaEntity;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tells for how long a client has to be kept waiting for what it has used. Any thread.
 *
 * <p>What several connections share, because their quota is one for a user or of one client id, they use together.
 */
public final class ClientQuotas {

    /** Names of quotas, as tools know them. */
    public enum Kind {
        PRODUCE("producer_byte_rate", 1),
        FETCH("consumer_byte_rate", 1),
        /** In nanoseconds of a thread, an event loop or a shard; the quota is in percent of one. */
        REQUEST("request_percentage", 1e7),
        MUTATION("controller_mutation_rate", 1);

        private final String key;
        private final double unitsPerSecond;

        Kind(String key, double unitsPerSecond) {
            this.key = key;
            this.unitsPerSecond = unitsPerSecond;
        }

        /** As tools call it. */
        public String key() {
            return key;
        }
    }

    /** Nobody logs in yet. */
    static final String USER = "ANONYMOUS";

    /** Clients whose quotas are remembered. */
    private static final int MAX_CLIENTS = 10_000;

    private final Supplier<MetadataImage> cluster;
    private final LongSupplier nanos;
    private final ToLongFunction<Kind> burstNanos;
    private final Debts debts = new Debts();
    private volatile Known known = new Known(MetadataImage.EMPTY, false);

    /** An image, whether it has any quota, and those that were looked up in it. */
    private record Known(MetadataImage image, boolean hasQuotas, Map<String, Optional<Limit>> limits) {

        Known(MetadataImage image, boolean hasQuotas) {
            this(image, hasQuotas, new ConcurrentHashMap<>());
        }

        @Nullable Limit limit(Kind kind, String clientId) {
            var name = kind + " " + clientId;
            var found = limits.get(name);
            if (found == null) {
                found = Optional.ofNullable(ClientQuotas.limit(image, kind, clientId));
                if (limits.size() < MAX_CLIENTS) {
                    limits.put(name, found);
                }
            }
            return found.orElse(null);
        }
    }

    /** A quota that applies, and who share it. */
    private record Limit(double rate, String sharedBy) {}

    /**
     * Quotas as the metadata has them.
     *
     * @param nanos the broker's clock
     * @param burstNanos how much of a kind may be used at once, in time at the quota's rate
     */
    public ClientQuotas(Supplier<MetadataImage> cluster, LongSupplier nanos, ToLongFunction<Kind> burstNanos) {
        this.cluster = cluster;
        this.nanos = nanos;
        this.burstNanos = burstNanos;
    }

    /** Whether anybody has a quota, so that looking for one is worth the while. */
    public boolean areSet() {
        return known().hasQuotas();
    }

    @SuppressWarnings("ReferenceEquality") // Another image that is equal is only looked through once more.
    private Known known() {
        var image = cluster.get();
        var last = known;
        if (last.image() != image) {
            last = new Known(
                    image,
                    image.configs().stream()
                            .anyMatch(config -> config.resource().type() == ConfigResource.Type.QUOTA));
            known = last;
        }
        return last;
    }

    /** Charges the client for a use, which may be nothing; gives the nanoseconds it has to wait, 0 if it is within its quota. */
    public long charge(Kind kind, String clientId, double units) {
        var limit = areSet() ? known().limit(kind, clientId) : null;
        if (limit == null) {
            return 0;
        }
        var use = new Debts.Use(kind.name(), limit.sharedBy(), units, limit.rate(), burstNanos.applyAsLong(kind));
        return debts.charge(use, nanos.getAsLong());
    }

    /** What the topics are whose changes are charged for. */
    public MetadataImage image() {
        return cluster.get();
    }

    /** The quota that says most exactly who it is for, in Kafka's order. */
    private static @Nullable Limit limit(MetadataImage image, Kind kind, String clientId) {
        var user = Optional.of(USER);
        var client = Optional.of(clientId);
        var none = Optional.<String>empty();
        var both = USER + "," + clientId;
        return first(
                find(image, kind, QuotaEntity.of(user, client), both),
                find(image, kind, QuotaEntity.of(user, none), both),
                find(image, kind, QuotaEntity.of(QuotaEntity.USER, user), USER),
                find(image, kind, QuotaEntity.of(none, client), both),
                find(image, kind, QuotaEntity.of(none, none), both),
                find(image, kind, QuotaEntity.of(QuotaEntity.USER, none), USER),
                find(image, kind, QuotaEntity.of(QuotaEntity.CLIENT_ID, client), "," + clientId),
                find(image, kind, QuotaEntity.of(QuotaEntity.CLIENT_ID, none), "," + clientId));
    }

    private static @Nullable Limit first(@Nullable Limit... limits) {
        for (var limit : limits) {
            if (limit != null) {
                return limit;
            }
        }
        return null;
    }

    private static @Nullable Limit find(MetadataImage image, Kind kind, QuotaEntity entity, String sharedBy) {
        var value = image.configs(entity.toResource()).get(kind.key);
        return value == null ? null : new Limit(Double.parseDouble(value) * kind.unitsPerSecond, sharedBy);
    }
}
