package io.thalweg.broker;

import io.micrometer.core.instrument.MeterRegistry;
import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.config.ConfigLoader;
import io.thalweg.broker.config.LoadedConfig;
import io.thalweg.broker.config.QuorumConfig;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.broker.metrics.Meters;
import io.thalweg.broker.metrics.MicrometerMeters;
import io.thalweg.broker.runtime.World;
import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.MetadataLogProvider;
import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.spi.transport.Transport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
    private final List<ConfigKey<?>> keysAround = new ArrayList<>();
    private @Nullable StorageProvider storage;
    private @Nullable MetadataLogProvider metadataLog;
    private @Nullable Transport transport;
    private @Nullable MeterRegistry meters;
    private CompletableFuture<?> givenUp = new CompletableFuture<>();
    private @Nullable Prepared prepared;

    BrokerBuilder() {}

    /** One source of settings, later ones before earlier ones. */
    private interface ConfigSource {
        void addTo(ConfigLoader loader);
    }

    /** What to start with, as long as nothing more is set. */
    private record Prepared(
            StorageProvider storage,
            @Nullable MetadataLogProvider metadataLog,
            ConfigCatalog catalog,
            LoadedConfig config) {}

    /** Sets one config by its Kafka name. */
    public BrokerBuilder config(String name, String value) {
        prepared = null;
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
        prepared = null;
        settings.add(loader -> loader.file(fileName, text));
        return this;
    }

    /** Listens here without encryption, {@code host:port}; port 0 chooses a free one. The same as the config {@code listeners}. */
    public BrokerBuilder listen(String endpoint) {
        return config("listeners", "PLAINTEXT://" + endpoint);
    }

    /** Keeps the logs in this storage instead of the one that the config {@code storage} names. */
    public BrokerBuilder storage(StorageProvider provider) {
        prepared = null;
        storage = provider;
        return this;
    }

    /** The number of this broker among those of its cluster; the same as the config {@code node.id}. */
    public BrokerBuilder nodeId(int id) {
        return config("node.id", Integer.toString(id));
    }

    /**
     * Makes the broker a member of this metadata quorum, and so of a cluster. Without one it is found on the module or class path if
     * {@code controller.quorum.voters} names others; else the broker is a cluster by itself.
     */
    public BrokerBuilder metadataLog(MetadataLogProvider provider) {
        prepared = null;
        metadataLog = provider;
        return this;
    }

    /**
     * Whether the settings name other servers, so that the broker needs a {@link #metadataLog metadata quorum}.
     *
     * @throws ConfigException if the settings cannot be used; the message lists every problem
     */
    public boolean isOneOfSeveral() {
        return QuorumConfig.namesOthers(settings(), HostName::isOwn);
    }

    /** Listens on this transport, which stays open when the broker closes. */
    public BrokerBuilder transport(Transport shared) {
        transport = shared;
        return this;
    }

    /**
     * Shows what the broker does in this registry, which stays open when the broker closes; its meters are removed from it then. Each
     * broker needs a registry of its own. Without one nothing is measured.
     */
    public BrokerBuilder meters(MeterRegistry registry) {
        meters = registry;
        return this;
    }

    /** Lets these settings, which the program around the broker reads, stand among the broker's own. */
    public BrokerBuilder alsoKnowing(Collection<ConfigKey<?>> keys) {
        keysAround.addAll(keys);
        prepared = null;
        return this;
    }

    /**
     * Gives {@link #start} up, should it still wait for other servers or for its own logs once this completes: it closes what it has opened
     * and throws a {@link java.util.concurrent.CancellationException}.
     */
    public BrokerBuilder giveUpWhen(CompletionStage<?> told) {
        givenUp = told.toCompletableFuture();
        return this;
    }

    /**
     * What is set so far.
     *
     * @throws ConfigException if the settings cannot be used; the message lists every problem
     */
    public ConfigValues settings() {
        return prepare().config().values();
    }

    /**
     * Starts the broker; returns once it serves. With {@code process.roles=controller} it is none: it votes on metadata and decides for
     * the brokers, and has no endpoints.
     *
     * @throws ConfigException if the settings cannot be used; the message lists every problem
     */
    public Broker start() {
        var plan = plan();
        return QuorumConfig.isBroker(plan.config())
                ? Assembly.onMachine(plan).start()
                : ControllerAssembly.onMachine(plan).start();
    }

    /** The same in another world than this machine. */
    @SuppressWarnings("exports") // The simulator alone has other worlds, and sees their type.
    public Broker start(World world) {
        return Assembly.in(world, plan()).start();
    }

    private Plan plan() {
        var ready = prepare();
        if (ready.metadataLog() == null && isOneOfSeveral()) {
            throw MetadataLogs.missing();
        }
        ready.config().withoutEffect().forEach(log::warn);
        var registry = meters;
        return new Plan(
                ready.config().values(),
                ready.catalog(),
                ready.storage(),
                ready.metadataLog(),
                transport,
                registry == null ? Meters.NONE : new MicrometerMeters(registry),
                givenUp);
    }

    private Prepared prepare() {
        var known = prepared;
        if (known == null) {
            var given = metadataLog;
            var quorums = given != null ? List.of(given) : MetadataLogs.found();
            var provider = storage != null ? storage : findStorage(quorums);
            var catalog = catalog(provider.configKeys(), quorums);
            var config = load(catalog);
            var quorum = given != null
                    ? given
                    : MetadataLogs.choose(quorums, config.values()).orElse(null);
            known = new Prepared(provider, quorum, catalog, config);
            prepared = known;
        }
        return known;
    }

    private ConfigCatalog catalog(Collection<ConfigKey<?>> ofStorage, List<MetadataLogProvider> quorums) {
        List<ConfigKey<?>> keys = new ArrayList<>(ofStorage);
        keys.addAll(keysAround);
        quorums.forEach(each -> keys.addAll(each.configKeys()));
        return ConfigCatalog.ofBroker(keys);
    }

    private LoadedConfig load(ConfigCatalog catalog) {
        var loader = new ConfigLoader(catalog);
        settings.forEach(source -> source.addTo(loader));
        return loader.load();
    }

    /** The provider that the settings name, before they are known to be right in other ways. */
    private StorageProvider findStorage(List<MetadataLogProvider> quorums) {
        var known = StreamSupport.stream(
                        ServiceLoader.load(StorageProvider.class).spliterator(), false)
                .sorted(Comparator.comparing(StorageProvider::name))
                .toList();
        List<ConfigKey<?>> keys = new ArrayList<>();
        known.forEach(each -> keys.addAll(each.configKeys()));
        var name = load(catalog(keys, quorums)).values().value(ServerKeys.STORAGE);
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
