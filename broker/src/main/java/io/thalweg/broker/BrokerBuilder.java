package io.thalweg.broker;

import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.config.ConfigLoader;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.spi.transport.Transport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assembles a broker. Everything has a default: storage and transport are those found on the module or class path, settings are Kafka's
 * defaults. Confined to one thread.
 */
public final class BrokerBuilder {

    private static final Logger log = LoggerFactory.getLogger(BrokerBuilder.class);

    private final List<ConfigSource> settings = new ArrayList<>();
    private @Nullable StorageProvider storage;
    private @Nullable Transport transport;

    BrokerBuilder() {}

    /** One source of settings, later ones before earlier ones. */
    private interface ConfigSource {
        void addTo(ConfigLoader loader);
    }

    /** Sets one config by its Kafka name. */
    public BrokerBuilder config(String name, String value) {
        settings.add(loader -> loader.set(name + "=" + value));
        return this;
    }

    /** Sets configs by their Kafka names. */
    public BrokerBuilder config(Map<String, String> values) {
        values.forEach(this::config);
        return this;
    }

    /**
     * Sets configs from the text of a properties file.
     *
     * @param fileName how messages name it
     */
    public BrokerBuilder configFile(String fileName, String text) {
        settings.add(loader -> loader.file(fileName, text));
        return this;
    }

    /** Listens here without encryption, {@code host:port}; port 0 chooses a free one. The same as the config {@code listeners}. */
    public BrokerBuilder listen(String endpoint) {
        return config("listeners", "PLAINTEXT://" + endpoint);
    }

    /** Keeps the logs in this storage instead of the one that the config {@code storage} names. */
    public BrokerBuilder storage(StorageProvider provider) {
        storage = provider;
        return this;
    }

    /** Listens on this transport, which stays open when the broker closes. */
    public BrokerBuilder transport(Transport shared) {
        transport = shared;
        return this;
    }

    /**
     * Starts the broker; returns once it serves.
     *
     * @throws ConfigException if the settings cannot be used; the message lists every problem
     */
    public Broker start() {
        var provider = storage != null ? storage : findStorage();
        var loader = new ConfigLoader(ConfigCatalog.ofBroker(provider.configKeys()));
        settings.forEach(source -> source.addTo(loader));
        var loaded = loader.load();
        loaded.withoutEffect().forEach(log::warn);
        return new Assembly(loaded.values(), provider, transport).start();
    }

    /** The provider that the settings name, before they are known to be right in other ways. */
    private StorageProvider findStorage() {
        var known = StreamSupport.stream(
                        ServiceLoader.load(StorageProvider.class).spliterator(), false)
                .sorted(Comparator.comparing(StorageProvider::name))
                .toList();
        var keys = known.stream().flatMap(each -> each.configKeys().stream()).toList();
        var loader = new ConfigLoader(ConfigCatalog.ofBroker(keys));
        settings.forEach(source -> source.addTo(loader));
        ConfigValues values = loader.load().values();
        var name = values.value(ServerKeys.STORAGE);
        return known.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "storage",
                        name,
                        "a storage provider on the module or class path, which are: "
                                + known.stream().map(StorageProvider::name).collect(Collectors.joining(", "))));
    }
}
