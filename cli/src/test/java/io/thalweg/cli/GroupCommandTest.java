package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.api.TopicPartition;
import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that look after groups, against a broker. */
final class GroupCommandTest {

    @SuppressWarnings("NullAway.Init") // Set before each test.
    private Broker broker;

    @BeforeEach
    void start(@TempDir Path data) {
        broker = Broker.builder()
                .storage(FileStorage.at(data))
                .listen("127.0.0.1:0")
                .start();
        run("", "topic", "create", "flights", "-p", "1");
        run("one\ntwo\nthree\nfour\nfive\n", "produce", "flights");
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private CapturedTerminal run(String input, String... args) {
        var terminal = new CapturedTerminal(input);
        assertThat(exitCode(terminal, args)).as(terminal.err()).isEqualTo(ExitCode.DONE);
        return terminal;
    }

    private int exitCode(CapturedTerminal terminal, String... args) {
        return terminal.run(Stream.concat(Stream.of(args), Stream.of("-b", broker.bootstrap()))
                .toArray(String[]::new));
    }

    private void commit(long offset) {
        run("", "group", "reset-offsets", "readers", "--topic", "flights", "--to-offset", "" + offset, "--execute");
    }

    @Test
    void aGroupIsListedAndDescribedWithItsLag() {
        commit(2);

        assertThat(run("", "group", "list").out()).contains("readers  Empty  -");
        assertThat(run("", "group", "describe", "readers").out())
                .contains("group        readers, empty")
                .contains("TOPIC    PARTITION  COMMITTED  END  LAG  CLIENT")
                .contains("flights          0          2    5    3  -");
    }

    @Test
    void scriptsGetJson() {
        commit(2);

        assertThat(run("", "group", "list", "--json").out())
                .contains("\"group\":\"readers\"")
                .contains("\"state\":\"Empty\"");
        assertThat(run("", "group", "describe", "readers", "--json").out())
                .isEqualTo(
                        "{\"group\":\"readers\",\"state\":\"Empty\",\"type\":\"\",\"protocol\":\"\",\"coordinator\":1,"
                                + "\"members\":[],\"partitions\":[{\"topic\":\"flights\",\"partition\":0,\"committed\":2,"
                                + "\"end\":5,\"lag\":3,\"member\":null}]}\n");
    }

    @Test
    void membersAreShownWithWhatTheyHaveAndKeepTheirOffsets() throws Exception {
        var readers = Subscription.builder("readers", Serde.string(), Serde.string(), "flights")
                .build();
        try (var client = Thalweg.connect(broker.bootstrap());
                var consumer = client.consumer(readers)) {
            var read = new ArrayList<ConsumerRecord<String, String>>();
            await("two records")
                    .atMost(Duration.ofSeconds(60))
                    .pollInSameThread()
                    .until(() -> {
                        read.addAll(consumer.poll(Duration.ofMillis(100)));
                        return read.size() >= 2;
                    });
            var flights = new TopicPartition("flights", 0);
            consumer.commit(Map.of(flights, 2L)).toCompletableFuture().get();

            assertThat(run("", "group", "list").out()).contains("readers  Stable  consumer");
            assertThat(run("", "group", "describe", "readers").out())
                    .contains("group        readers, stable")
                    .contains("protocol     consumer uniform")
                    .containsPattern("MEMBER +CLIENT +HOST +PARTITIONS\n\\S+ +thalweg\\S* +/?127.0.0.1 +1\n")
                    .containsPattern("flights +0 +2 +5 +3 +thalweg");
            assertThat(run("", "group", "describe", "readers", "--json").out())
                    .containsPattern(
                            "\"member\":\"[^\"]+\",\"instance\":null,\"client\":\"thalweg[^\"]*\",\"host\":\"/?127.0.0.1\"")
                    .containsPattern("\"lag\":3,\"member\":\"");
            var terminal = new CapturedTerminal("");
            assertThat(exitCode(
                            terminal, "group", "reset-offsets", "readers", "--all-topics", "--to-latest", "--execute"))
                    .isEqualTo(ExitCode.FAILED);
            assertThat(terminal.err()).contains("group readers has 1 members");
            var refused = new CapturedTerminal("");
            assertThat(exitCode(refused, "group", "delete", "readers")).isEqualTo(ExitCode.FAILED);
        }
    }

    @Test
    void withoutExecuteNothingIsMoved() {
        commit(2);

        var terminal = run("", "group", "reset-offsets", "readers", "--all-topics", "--to-latest");

        assertThat(terminal.out()).contains("flights          0          2    5");
        assertThat(terminal.err()).contains("add --execute");
        assertThat(run("", "group", "describe", "readers").out()).contains("flights          0          2    5    3");
    }

    @ParameterizedTest
    @CsvSource({
        "--to-earliest, , 0",
        "--to-latest, , 5",
        "--to-offset, 3, 3",
        "--to-offset, 99, 5",
        "--shift-by, 1, 3",
        "--shift-by, -99, 0",
        "--to-datetime, 2000-01-01T00:00:00Z, 0",
        "--by-duration, PT0S, 5"
    })
    void offsetsAreMovedWithinWhatThereIs(String option, String value, long expected) {
        commit(2);
        var target = value == null ? option : option + "=" + value;

        run("", "group", "reset-offsets", "readers", "--all-topics", target, "--execute");

        assertThat(run("", "group", "describe", "readers", "--json").out()).contains("\"committed\":" + expected + ",");
    }

    @Test
    void aGroupIsDeleted() {
        commit(2);

        assertThat(run("", "group", "delete", "readers").out()).isEqualTo("deleted readers\n");

        assertThat(run("", "group", "list").out()).doesNotContain("readers");
        var terminal = new CapturedTerminal("");
        assertThat(exitCode(terminal, "group", "describe", "readers")).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err()).contains("group readers does not exist").contains("thalweg group list");
    }

    @ParameterizedTest
    @CsvSource({
        "--all-topics --topic=flights --to-latest, no topics given or too many",
        "--to-latest, no topics given or too many",
        "--all-topics --to-datetime=noon, noon cannot be read as a time",
        "--all-topics --by-duration=hour, hour cannot be read as a duration",
    })
    void whatCannotBeMeantIsRefused(String options, String told) {
        commit(2);
        var terminal = new CapturedTerminal("");

        var code = exitCode(terminal, ("group reset-offsets readers " + options).split(" ", -1));

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err().replace(",", "")).contains(told);
    }
}
