package io.thalweg.broker.config;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Compares what a resource nobody configured is described as with what Apache Kafka 4.3.1 answered; lists each difference. */
final class DescribedLikeKafkaTest {

    private static final String DESCRIBED = "kafka-4.3.1-described.tsv";
    private static final String FIXED = "is read when the broker starts, and cannot change while it runs";

    /** Settings whose default, or whether it may change, is deliberately not Kafka's. */
    private static final Map<String, String> BROKER_DIFFERENCES = Map.ofEntries(
            entry("controller.listener.names", "Kafka demands it; a cluster of one server has no such listener"),
            entry("group.coordinator.rebalance.protocols", "only classic works"),
            entry(
                    "listener.security.protocol.map",
                    "cannot change while the broker runs; the pairs stand in another order"),
            entry("listeners", "listens on the loopback address by default, and cannot change while the broker runs"),
            entry("log.cleaner.backoff.ms", FIXED),
            entry("log.cleaner.dedupe.buffer.size", FIXED),
            entry("log.cleaner.io.buffer.load.factor", FIXED),
            entry("log.cleaner.io.buffer.size", FIXED),
            entry("log.cleaner.io.max.bytes.per.second", FIXED),
            entry("log.cleaner.threads", FIXED),
            entry("node.id", "Kafka demands it"),
            entry("num.network.threads", "event loops are fixed when the broker starts"),
            entry("process.roles", "Kafka demands it"),
            entry("producer.id.expiration.ms", FIXED));

    private final DescribedConfigs described =
            new DescribedConfigs(ConfigCatalog.ofBroker(List.of()), BrokerLayers.ofStatic(ConfigValues.empty()));

    @Test
    void brokerSettingsAreKafkasButForTheListedDifferences() throws IOException {
        var differences = differences("broker", described.broker(), false);

        assertThat(differences).containsOnlyKeys(BROKER_DIFFERENCES.keySet());
    }

    @Test
    void brokerSettingsAreAllOfKafkasAndThoseDeclaredHere() throws IOException {
        var declared = BrokerKeys.all().stream().map(ConfigKey::name).collect(Collectors.toList());

        assertThat(names(described.broker())).isEqualTo(kafkaNamesAnd("broker", declared));
    }

    @Test
    void topicSettingsAreKafkas() throws IOException {
        var topic = described.topic(ConfigCatalog.ofTopic(), ConfigValues.empty());

        assertThat(differences("topic", topic, true))
                .containsOnlyKeys(
                        // Kafka names no source for what it takes from a setting in another unit.
                        "flush.ms", "retention.ms", "segment.jitter.ms", "segment.ms");
        assertThat(names(topic)).isEqualTo(kafkaNamesAnd("topic", List.of("durability")));
    }

    @Test
    void groupSettingsAreKafkas() throws IOException {
        var group = described.group(ConfigCatalog.ofGroup(), ConfigValues.empty());

        assertThat(differences("group", group, true)).isEmpty();
        assertThat(names(group)).isEqualTo(kafkaNamesAnd("group", List.of()));
    }

    private static List<String> names(List<ConfigEntry> entries) {
        return entries.stream().map(ConfigEntry::name).collect(Collectors.toList());
    }

    private static List<String> kafkaNamesAnd(String resource, List<String> own) throws IOException {
        var names = new TreeSet<>(own);
        KafkaTable.rows(DESCRIBED, resource, 7).forEach(row -> names.add(row[1]));
        return new ArrayList<>(names);
    }

    /** What Kafka says and what we say, by name, where they differ. */
    private static Map<String, String> differences(String resource, List<ConfigEntry> entries, boolean withSynonyms)
            throws IOException {
        var ours = new TreeMap<String, String>();
        entries.forEach(entry -> ours.put(entry.name(), line(entry, withSynonyms)));
        var differences = new TreeMap<String, String>();
        for (var row : KafkaTable.rows(DESCRIBED, resource, 7)) {
            var kafkas = String.join(" ", row[2], row[3], row[4], row[5], row[6]);
            if (!kafkas.equals(ours.get(row[1]))) {
                differences.put(row[1], kafkas + " != " + ours.get(row[1]));
            }
        }
        return differences;
    }

    private static String line(ConfigEntry entry, boolean withSynonyms) {
        var synonyms = entry.synonyms().stream()
                .map(synonym -> synonym.name() + "=" + synonym.value())
                .collect(Collectors.joining(","));
        return String.join(
                " ",
                entry.key().type().name(),
                entry.value() == null ? "<unset>" : entry.value(),
                entry.isReadOnly() ? "readonly" : "rw",
                entry.isSensitive() ? "sensitive" : "-",
                withSynonyms ? synonyms : "");
    }
}
