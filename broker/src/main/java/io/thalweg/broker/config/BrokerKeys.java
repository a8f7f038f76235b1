package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything a broker itself lets one set; plug-ins add to it. */
final class BrokerKeys {

    private BrokerKeys() {}

    static List<ConfigKey<?>> all() {
        return Stream.of(
                        ServerKeys.all(),
                        ShardKeys.all(),
                        ListenerKeys.all(),
                        TransportKeys.all(),
                        StorageKeys.all(),
                        LogKeys.all(),
                        ReplicationKeys.all(),
                        GroupKeys.all(),
                        QuotaKeys.all())
                .flatMap(List::stream)
                .collect(Collectors.toUnmodifiableList());
    }
}
