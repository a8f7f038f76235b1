package io.thalweg.integration.compare;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each method of Kafka's Admin does with Thalweg what it does with Apache Kafka; docs/COMPATIBILITY.md says where not, and why. */
@Tag("slow")
@Timeout(300)
final class AdminDifferenceTest {

    /** ELR is not a feature that is chosen here, and features have one level. */
    private static final Set<String> DIFFERENT = Set.of(
            "synonyms of a setting", "settings of all brokers", "features", "a feature back", "only try a feature");

    @TempDir
    private Path directory;

    @Test
    void eachMethodDoesTheSame() throws Exception {
        try (var kafka = KafkaProcess.start(Files.createDirectory(directory.resolve("kafka")));
                var broker = Broker.builder()
                        .storage(FileStorage.at(directory.resolve("thalweg")))
                        .listen("127.0.0.1:0")
                        .config("group.initial.rebalance.delay.ms", "0")
                        .config("offsets.topic.num.partitions", "1")
                        .start()) {
            var outcomes = AdminScripts.run(broker.bootstrap(), Map.of());
            var awaited = new LinkedHashMap<>(outcomes);
            awaited.keySet().removeAll(DIFFERENT);
            var expected = AdminScripts.run(kafka.bootstrap(), awaited);
            var softly = new SoftAssertions();

            outcomes.forEach((step, outcome) -> {
                if (DIFFERENT.contains(step)) {
                    softly.assertThat(outcome).as(step).isNotEqualTo(expected.get(step));
                } else {
                    softly.assertThat(outcome).as(step).isEqualTo(expected.get(step));
                }
            });

            softly.assertAll();
        }
    }
}
