package io.thalweg.broker;

import io.thalweg.broker.config.ServerKeys;
import io.thalweg.coordinator.controller.ControllerConfig;
import io.thalweg.spi.config.ConfigValues;
import java.time.Duration;
import java.util.Optional;

/** What the settings of a server mean for its controller. */
final class ControllerSettings {

    /** An entry travels to the other members in one message; it may hold as much again, the last request. */
    private static final int CLUSTER_PROPOSAL_BYTES = 7 << 20;

    private ControllerSettings() {}

    /**
     * Those of a controller.
     *
     * @param isAlone whether the server is a cluster by itself, so that nobody's session ends
     */
    static ControllerConfig of(ConfigValues config, boolean isAlone) {
        var defaults = ControllerConfig.defaults();
        var topics = new ControllerConfig.Topics(
                config.value(ServerKeys.NUM_PARTITIONS),
                config.value(ServerKeys.DEFAULT_REPLICATION_FACTOR).shortValue(),
                config.value(ServerKeys.DELETE_TOPIC));
        var sessionTimeout = isAlone
                ? defaults.sessionTimeout()
                : Optional.of(Duration.ofMillis(config.value(ServerKeys.BROKER_SESSION_TIMEOUT_MILLIS)));
        return new ControllerConfig(
                defaults.clusterId(),
                defaults.features(),
                topics,
                sessionTimeout,
                sessionTimeout.flatMap(timeout -> rebalanceInterval(config)),
                isAlone ? defaults.limits() : defaults.limits().withProposalBytes(CLUSTER_PROPOSAL_BYTES));
    }

    private static Optional<Duration> rebalanceInterval(ConfigValues config) {
        return config.value(ServerKeys.AUTO_LEADER_REBALANCE)
                ? Optional.of(Duration.ofSeconds(config.value(ServerKeys.LEADER_IMBALANCE_CHECK_SECONDS)))
                : Optional.empty();
    }
}
