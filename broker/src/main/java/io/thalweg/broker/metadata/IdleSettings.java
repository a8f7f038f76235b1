package io.thalweg.broker.metadata;

import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.config.ConfigScope;
import io.thalweg.broker.config.NoEffectWarnings;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataDelta;

/** Warns once of each setting that is made while the broker runs and has no effect, whoever makes it and with what request. */
public final class IdleSettings {

    private final ConfigCatalog brokers;
    private final NoEffectWarnings warnings;

    /**
     * Looks for such settings.
     *
     * @param brokers what a broker knows
     */
    public IdleSettings(ConfigCatalog brokers, NoEffectWarnings warnings) {
        this.brokers = brokers;
        this.warnings = warnings;
    }

    void look(MetadataDelta delta) {
        for (var resource : delta.configs()) {
            if (resource.type() == ConfigResource.Type.QUOTA) {
                continue;
            }
            var scope = scopeOf(resource);
            var catalog = catalogOf(scope);
            warnings.check(scope, catalog, delta.after().configs(resource).keySet());
        }
    }

    private ConfigCatalog catalogOf(ConfigScope scope) {
        return switch (scope) {
            case TOPIC -> ConfigCatalog.ofTopic();
            case GROUP -> ConfigCatalog.ofGroup();
            case CLIENT_METRICS -> ConfigCatalog.ofClientMetrics();
            case BROKER, CLUSTER -> brokers;
        };
    }

    /** What a resource of the controller's is to the settings. */
    static ConfigScope scopeOf(ConfigResource resource) {
        return switch (resource.type()) {
            case TOPIC -> ConfigScope.TOPIC;
            case CLIENT_METRICS -> ConfigScope.CLIENT_METRICS;
            case GROUP -> ConfigScope.GROUP;
            case BROKER -> resource.equals(ConfigResource.BROKER_DEFAULT) ? ConfigScope.CLUSTER : ConfigScope.BROKER;
            case QUOTA -> throw new IllegalStateException("quotas are no configs");
        };
    }
}
