package io.thalweg.broker;

import io.thalweg.broker.config.QuorumConfig;
import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.MetadataLogProvider;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Finds the metadata log of a server that is to be one of several. */
final class MetadataLogs {

    private MetadataLogs() {}

    /** Those on the module or class path. */
    static List<MetadataLogProvider> found() {
        return ServiceLoader.load(MetadataLogProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(MetadataLogProvider::name))
                .toList();
    }

    /** The one to use; empty for a server that is a cluster by itself, and where there is none. */
    static Optional<MetadataLogProvider> choose(List<MetadataLogProvider> found, ConfigValues values) {
        return QuorumConfig.namesOthers(values, HostName::isOwn)
                ? found.stream().findFirst()
                : Optional.empty();
    }

    /** There is none, and a server of several needs one. */
    static ConfigException missing() {
        return new ConfigException("config controller.quorum.voters names other servers, but no metadata log of"
                + " several servers is on the module or class path: expected thalweg-coordinator-ratis");
    }
}
