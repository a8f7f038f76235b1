package io.thalweg.integration.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's {@code kafka-log-dirs} against a broker with two log directories. */
@Timeout(120)
final class LogDirsCommandTest {

    @TempDir
    private Path root;

    @Test
    void describesEachDirectoryWithItsReplicas() throws Exception {
        var first = root.resolve("first");
        var second = root.resolve("second");
        try (var broker = Broker.builder()
                        .storage(FileStorage.at(first, second))
                        .listen("127.0.0.1:0")
                        .start();
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic("orders", 4, (short) 1)))
                    .all()
                    .get();

            var told = KafkaProcess.tool(
                    Files.createDirectory(root.resolve("tool")),
                    "org.apache.kafka.tools.LogDirsCommand",
                    "--bootstrap-server",
                    broker.bootstrap(),
                    "--describe",
                    "--topic-list",
                    "orders");

            var described = told.lines()
                    .filter(line -> line.startsWith("{"))
                    .findFirst()
                    .orElseThrow();
            for (var directory : List.of(first, second)) {
                assertThat(described).contains("\"logDir\":\"" + directory + "\"", "\"error\":null");
            }
            for (var partition = 0; partition < 4; partition++) {
                assertThat(described).containsOnlyOnce("\"partition\":\"orders-" + partition + "\"");
            }
        }
    }
}
