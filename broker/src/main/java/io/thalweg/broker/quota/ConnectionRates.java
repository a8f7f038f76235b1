package io.thalweg.broker.quota;

import io.thalweg.broker.config.TransportKeys;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.QuotaEntity;
import io.thalweg.spi.config.ConfigValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells when it is the turn of a connection that was accepted (KIP-612). Any thread.
 *
 * <p>One that is too many for its broker or listener waits until there was time for it, if that is not too long. One that is too many for
 * its address is refused.
 */
public final class ConnectionRates {

    private static final String QUOTA = "connection_creation_rate";
    private static final Turn AT_ONCE = new Turn(0, false);

    private final Supplier<MetadataImage> cluster;
    private final Function<MetadataImage, ConfigValues> settings;
    private final LongSupplier nanos;
    private final Windows windows;
    private final String exemptListener;
    private final Debts debts = new Debts();
    private volatile @Nullable Rates known;

    /**
     * When a connection begins.
     *
     * @param delayNanos for how long nothing of it is read
     * @param isRefused whether it is closed then
     */
    public record Turn(long delayNanos, boolean isRefused) {}

    /**
     * Over which time a rate is measured.
     *
     * @param oneNanos how long a connection that is refused waits for its end
     * @param allNanos what all of them but one allow is used at once, and no connection waits longer than all
     */
    public record Windows(long oneNanos, long allNanos) {

        private long burstNanos() {
            return allNanos - oneNanos;
        }
    }

    /** The rates of one image. */
    private record Rates(
            MetadataImage image, ConfigValues settings, Map<String, Double> byAddress, Optional<Double> ofAnyAddress) {}

    /**
     * Rates as the metadata and the broker's settings have them.
     *
     * @param settings those of this broker, as they are with an image
     * @param nanos the broker's clock
     * @param exemptListener one that the rate of the whole broker does not count for
     */
    public ConnectionRates(
            Supplier<MetadataImage> cluster,
            Function<MetadataImage, ConfigValues> settings,
            LongSupplier nanos,
            Windows windows,
            String exemptListener) {
        this.cluster = cluster;
        this.settings = settings;
        this.nanos = nanos;
        this.windows = windows;
        this.exemptListener = exemptListener;
    }

    /** Counts a connection of the address through the listener; one that is refused counts nowhere. */
    public Turn next(String address, String listener) {
        var uses = uses(rates(), address, listener);
        var now = nanos.getAsLong();
        var delay = 0L;
        for (var i = 0; i < uses.size(); i++) {
            var bounded = uses.get(i);
            var unpaid = debts.chargeUpTo(bounded.maxNanos(), bounded.use(), now);
            if (unpaid > bounded.maxNanos()) {
                uses.subList(0, i).forEach(charged -> debts.takeBack(charged.use(), now));
                return new Turn(windows.oneNanos(), true);
            }
            delay = Math.max(delay, unpaid);
        }
        return delay == 0 ? AT_ONCE : new Turn(delay, false);
    }

    /** A connection in one of the rates that it counts for, and how much may be unpaid there with it. */
    private record Bounded(Debts.Use use, long maxNanos) {}

    private List<Bounded> uses(Rates rates, String address, String listener) {
        var uses = new ArrayList<Bounded>();
        var ofAddress = rates.byAddress().get(address);
        var perSecond = ofAddress == null ? rates.ofAnyAddress().orElse(null) : ofAddress;
        if (perSecond != null) {
            uses.add(new Bounded(use("ip", address, perSecond), 0));
        }
        var ofListener = TransportKeys.creationRateOf(listener);
        if (rates.settings().isSet(ofListener)) {
            uses.add(new Bounded(use("listener", listener, rates.settings().value(ofListener)), windows.allNanos()));
        }
        var ofBroker = rates.settings().value(TransportKeys.MAX_CONNECTION_CREATION_RATE);
        if (ofBroker < Integer.MAX_VALUE && !listener.equals(exemptListener)) {
            uses.add(new Bounded(use("broker", "", ofBroker), windows.allNanos()));
        }
        return uses;
    }

    private Debts.Use use(String kind, String debtor, double perSecond) {
        return new Debts.Use(kind, debtor, 1, perSecond, windows.burstNanos());
    }

    @SuppressWarnings("ReferenceEquality") // Another image that is equal is only looked through once more.
    private Rates rates() {
        var image = cluster.get();
        var last = known;
        if (last == null || last.image() != image) {
            last = read(image);
            known = last;
        }
        return last;
    }

    private Rates read(MetadataImage image) {
        var byAddress = new HashMap<String, Double>();
        var ofAny = Optional.<Double>empty();
        for (var config : image.configs()) {
            var value = config.values().get(QUOTA);
            if (value == null || config.resource().type() != ConfigResource.Type.QUOTA) {
                continue;
            }
            var address = QuotaEntity.fromResource(config.resource()).names().get(QuotaEntity.IP);
            if (address != null && address.isPresent()) {
                byAddress.put(address.get(), Double.valueOf(value));
            } else if (address != null) {
                ofAny = Optional.of(Double.valueOf(value));
            }
        }
        return new Rates(image, settings.apply(image), byAddress, ofAny);
    }
}
