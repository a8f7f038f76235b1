package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache Kafka's own tools for groups, offsets, settings and trying things out, as they are, at one broker. */
@Tag("slow")
@Timeout(600)
final class GroupToolsTest {

    private static final int RECORDS = 200;
    private static final String GROUPS = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand";
    private static final String CONFIGS = "kafka.admin.ConfigCommand";

    private static Broker broker;

    @BeforeAll
    static void start(@TempDir Path directory) {
        broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .config("group.initial.rebalance.delay.ms", "0")
                .start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static void create(String topic) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();
        }
    }

    private static void produce(String topic) throws Exception {
        var told = KafkaTool.run(
                "org.apache.kafka.tools.VerifiableProducer",
                "--bootstrap-server",
                broker.bootstrap(),
                "--topic",
                topic,
                "--max-messages",
                "" + RECORDS);
        assertThat(told).contains("\"acked\":" + RECORDS);
    }

    private static String consume(String topic, String protocol) throws Exception {
        return KafkaTool.run(
                "org.apache.kafka.tools.VerifiableConsumer",
                "--bootstrap-server",
                broker.bootstrap(),
                "--topic",
                topic,
                "--group-id",
                topic,
                "--group-protocol",
                protocol,
                "--reset-policy",
                "earliest",
                "--max-messages",
                "" + RECORDS);
    }

    private static String groups(String... arguments) throws Exception {
        return tool(GROUPS, arguments);
    }

    private static String tool(String mainClass, String... arguments) throws Exception {
        var all = new String[arguments.length + 2];
        all[0] = "--bootstrap-server";
        all[1] = broker.bootstrap();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return KafkaTool.run(mainClass, all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void groupsAreFilledListedDescribedResetAndDeleted(String protocol) throws Exception {
        var topic = "verified-" + protocol;
        create(topic);
        produce(topic);

        assertThat(consume(topic, protocol)).contains("shutdown_complete");

        assertThat(groups("--list")).contains(topic);
        assertThat(groups("--list", "--type")).containsIgnoringCase(protocol);
        assertThat(lags(topic)).isNotEmpty().containsOnly(0L);
        assertThat(groups("--describe", "--group", topic, "--state")).contains("Empty");
        assertThat(groups("--describe", "--group", topic, "--members")).contains("no active members");
        groups("--reset-offsets", "--to-earliest", "--group", topic, "--topic", topic, "--execute");
        assertThat(lags(topic).stream().mapToLong(Long::longValue).sum()).isEqualTo(RECORDS);
        assertThat(groups("--delete-offsets", "--group", topic, "--topic", topic))
                .contains("Successful");
        assertThat(groups("--delete", "--group", topic)).contains("successful");
        assertThat(groups("--list")).doesNotContain(topic);
    }

    /** The lag of each partition in which something was committed: group, topic, partition, current offset, log end offset, lag. */
    private static List<Long> lags(String topic) throws Exception {
        var row = Pattern.compile(topic + "\\s+" + topic + "\\s+\\d+\\s+\\d+\\s+\\d+\\s+(\\d+)");
        return row.matcher(groups("--describe", "--group", topic))
                .results()
                .map(found -> Long.valueOf(found.group(1)))
                .toList();
    }

    @Test
    void offsetsAreShownAndRecordsRead() throws Exception {
        create("shown");
        produce("shown");

        var offsets = tool("org.apache.kafka.tools.GetOffsetShell", "--topic", "shown");
        var read = tool(
                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                "--topic",
                "shown",
                "--from-beginning",
                "--max-messages",
                "" + RECORDS);

        var sum = Pattern.compile("shown:\\d:(\\d+)")
                .matcher(offsets)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .sum();
        assertThat(sum).isEqualTo(RECORDS);
        assertThat(read).contains("Processed a total of " + RECORDS + " messages");
        for (var value = 0; value < RECORDS; value++) {
            assertThat(read).containsPattern("(?m)^" + value + "$");
        }
    }

    @Test
    void settingsOfTopicsBrokersAndGroupsAreMadeAndShown() throws Exception {
        create("set");

        alter("topics", "set", "retention.ms=86400000");
        alter("brokers", "1", "log.retention.ms=86400001");
        alter("groups", "set", "consumer.session.timeout.ms=50000");
        alter("clients", "set", "producer_byte_rate=1048576");
        alter("ips", "127.0.0.9", "connection_creation_rate=5");
        alter("client-metrics", "set", "interval.ms=1000");

        assertThat(describe("topics", "set")).contains("retention.ms=86400000");
        assertThat(describe("brokers", "1")).contains("log.retention.ms=86400001");
        assertThat(describe("groups", "set")).contains("consumer.session.timeout.ms=50000");
        assertThat(describe("clients", "set")).contains("producer_byte_rate=1048576");
        assertThat(describe("ips", "127.0.0.9")).contains("connection_creation_rate=5");
        assertThat(describe("client-metrics", "set")).contains("interval.ms=1000");
        tool(
                CONFIGS,
                "--alter",
                "--entity-type",
                "groups",
                "--entity-name",
                "set",
                "--delete-config",
                "consumer.session.timeout.ms");
        assertThat(describe("groups", "set")).doesNotContain("=50000");
    }

    private static void alter(String type, String name, String setting) throws Exception {
        assertThat(tool(CONFIGS, "--alter", "--entity-type", type, "--entity-name", name, "--add-config", setting))
                .contains("Completed updating config");
    }

    private static String describe(String type, String name) throws Exception {
        return tool(CONFIGS, "--describe", "--entity-type", type, "--entity-name", name);
    }
}
