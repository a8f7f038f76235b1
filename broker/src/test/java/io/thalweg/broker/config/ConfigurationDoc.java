package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigTable;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Writes {@code docs/CONFIGURATION.md} from the keys. */
final class ConfigurationDoc {

    private static final String INTRODUCTION = """
            # Configuration

            <!-- Made from the keys in io.thalweg.broker.config; to make it anew:
                 mvn -pl broker -am test -Dtest=ConfigurationDocTest -DwriteDocs -Dsurefire.failIfNoSpecifiedTests=false -->

            A server reads a Java properties file; `--set name=value` goes before it. Every setting has a default, so none is
            needed to start. Settings that exist in Apache Kafka have its names, types, defaults and ranges; what differs is said
            at the end. All problems of a file are told at once, each with its line.

            What is *changeable* can be set while brokers run, for one broker or for all of them, with any admin client. What
            counts is, in this order: the setting of the topic or group itself, that of the broker, that of all brokers, that in
            the broker's file, the default.

            A storage provider brings its own settings, which begin with `storage.<name>.` unless they are Kafka's; those of the
            default one are in [CONFIGURATION-storage-file.md](CONFIGURATION-storage-file.md); servers of a cluster know those in
            [CONFIGURATION-coordinator-ratis.md](CONFIGURATION-coordinator-ratis.md) besides. `thalweg server` adds `metrics.listen`, see
            [METRICS.md](METRICS.md).
            """;

    private static final String DIFFERENCES = """

            ## What differs from Apache Kafka 4.3

            - `node.id` and `process.roles` have defaults, so has `controller.listener.names`, and a server that is a cluster by itself needs no such
              listener.
            - `listeners` is the loopback address by default, and cannot change while the broker runs; nor can
              `listener.security.protocol.map`, `num.network.threads`, `producer.id.expiration.ms` and the settings of the cleaner's
              threads.
            - A setting that is not known is refused, in a file, on the command line and by an admin client; Kafka keeps it. A
              setting that Kafka knows and that has no effect here is kept, and a warning says so once.
            - `group.coordinator.rebalance.protocols` offers `classic` and `consumer`; share and streams groups are to come.
            - `durability`, `log.durability`, `socket.request.timeout.ms`, `storage` and what begins with `shard.` or `storage.` are
              our own.
            - The rates that throttle replication can stand in the file, too, and are described.
            - Where a topic takes a value from a broker setting in another unit, such as `log.retention.hours`, the source and the
              synonyms that are described name that setting.
            - Ranges are checked in some places where Kafka does not, such as timeouts below 0.
            """;

    private ConfigurationDoc() {}

    static String markdown() {
        var doc = new StringBuilder(INTRODUCTION);
        BrokerKeys.sections().forEach(section -> section(doc, section.title(), section.keys()));
        section(doc, "Settings of a topic", TopicKeys.all());
        section(doc, "Settings of a consumer group", ConsumerGroupKeys.all());
        withoutEffect(doc);
        return doc.append(DIFFERENCES).toString();
    }

    private static void section(StringBuilder doc, String title, Collection<? extends ConfigKey<?>> keys) {
        doc.append("\n## ").append(title).append("\n\n").append(ConfigTable.markdown(keys));
    }

    private static void withoutEffect(StringBuilder doc) {
        doc.append("\n## Known without effect\n\nOf a broker, unless its storage provider reads it: ")
                .append(names(ConfigCatalog.ofBroker(List.of())))
                .append("; also what begins with `listener.name.`, `config.providers.`, `rlmm.config.`")
                .append(" or `rsm.config.`.\n\nOf a topic: ")
                .append(names(ConfigCatalog.ofTopic()))
                .append(".\n\nOf a group: ")
                .append(names(ConfigCatalog.ofGroup()))
                .append(".\n");
    }

    private static String names(ConfigCatalog catalog) {
        return catalog.described().stream()
                .map(ConfigKey::name)
                .filter(name -> !catalog.hasEffect(name))
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", "));
    }
}
