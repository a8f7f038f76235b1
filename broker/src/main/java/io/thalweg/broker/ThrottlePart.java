package io.thalweg.broker;

import io.thalweg.broker.config.BrokerLayers;
import io.thalweg.broker.config.Listeners;
import io.thalweg.broker.config.QuotaKeys;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.quota.ClientQuotas;
import io.thalweg.broker.quota.ConnectionRates;
import io.thalweg.broker.request.Throttle;
import io.thalweg.broker.runtime.World;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import java.util.concurrent.TimeUnit;

/** What holds clients of a broker to their quotas. Confined to the building of one broker. */
final class ThrottlePart {

    private final ConfigValues config;
    private final ClusterView cluster;
    private final World world;

    private ThrottlePart(ConfigValues config, ClusterView cluster, World world) {
        this.config = config;
        this.cluster = cluster;
        this.world = world;
    }

    static Throttle of(ConfigValues config, ClusterView cluster, World world) {
        return new ThrottlePart(config, cluster, world).throttle();
    }

    /** Rates are measured over these windows: what all but one of them allow is used at once, and nobody waits longer than all. */
    private Throttle throttle() {
        var clients = windowsNanos(QuotaKeys.QUOTA_WINDOW_COUNT, QuotaKeys.QUOTA_WINDOW_SECONDS, 0);
        var quotas = new ClientQuotas(
                cluster::image,
                world.clock()::nanos,
                kind -> kind == ClientQuotas.Kind.MUTATION
                        ? windowsNanos(
                                QuotaKeys.CONTROLLER_QUOTA_WINDOW_COUNT, QuotaKeys.CONTROLLER_QUOTA_WINDOW_SECONDS, 1)
                        : windowsNanos(QuotaKeys.QUOTA_WINDOW_COUNT, QuotaKeys.QUOTA_WINDOW_SECONDS, 1));
        return new Throttle(quotas, connectionRates(), world.timers(), clients);
    }

    private ConnectionRates connectionRates() {
        var nodeId = ServerKeys.nodeId(config);
        var listeners = Listeners.of(config, HostName::find);
        return new ConnectionRates(
                cluster::image,
                image -> BrokerLayers.of(image, nodeId, config).effective(),
                world.clock()::nanos,
                new ConnectionRates.Windows(
                        TimeUnit.SECONDS.toNanos(config.value(QuotaKeys.QUOTA_WINDOW_SECONDS)),
                        windowsNanos(QuotaKeys.QUOTA_WINDOW_COUNT, QuotaKeys.QUOTA_WINDOW_SECONDS, 0)),
                listeners.broker().size() > 1 ? listeners.interBrokerName() : "");
    }

    private long windowsNanos(ConfigKey<Integer> count, ConfigKey<Integer> seconds, int less) {
        return (config.value(count) - less) * TimeUnit.SECONDS.toNanos(config.value(seconds));
    }
}
