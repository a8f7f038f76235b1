package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;
import java.util.stream.Collectors;

/** Everything a broker itself lets one set; plug-ins add to it. */
final class BrokerKeys {

    private BrokerKeys() {}

    static List<ConfigKey<?>> all() {
        return sections().stream().flatMap(section -> section.keys().stream()).collect(Collectors.toUnmodifiableList());
    }

    /** The same in the order and under the titles of the documentation. */
    static List<Section> sections() {
        return List.of(
                new Section("Server", ServerKeys.all()),
                new Section("Shards", ShardKeys.all()),
                new Section("Listeners", ListenerKeys.all()),
                new Section("Connections", TransportKeys.all()),
                new Section("Logs in all", StorageKeys.all()),
                new Section("Replication and fetching", ReplicationKeys.all()),
                new Section("Consumer groups", GroupKeys.all()),
                new Section("Quotas", QuotaKeys.all()),
                new Section("Defaults for topics", LogKeys.all()));
    }

    /** Settings that belong together. */
    record Section(String title, List<ConfigKey<?>> keys) {}
}
