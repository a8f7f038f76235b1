package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look after settings and quotas, against a broker that the tests share. */
final class ConfigCommandTest {

    @SuppressWarnings("NullAway.Init") // Set before all tests.
    private static Broker broker;

    @BeforeAll
    static void start(@TempDir Path data) {
        broker = Broker.builder()
                .storage(FileStorage.at(data))
                .listen("127.0.0.1:0")
                .start();
        run("topic", "create", "flights");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static String run(String... args) {
        var terminal = new CapturedTerminal("");
        assertThat(exitCode(terminal, args)).as(terminal.err()).isEqualTo(ExitCode.DONE);
        return terminal.out();
    }

    private static int exitCode(CapturedTerminal terminal, String... args) {
        return terminal.run(Stream.concat(Stream.of(args), Stream.of("-b", broker.bootstrap()))
                .toArray(String[]::new));
    }

    @Test
    void settingsOfATopicAreSetShownAndTakenBack() {
        assertThat(run("config", "set", "--topic", "flights", "retention.ms=86400000", "cleanup.policy=delete"))
                .isEqualTo("set cleanup.policy=delete\nset retention.ms=86400000\n");

        assertThat(run("config", "describe", "--topic", "flights")).isEqualTo("""
                SETTING         VALUE     SET FOR
                cleanup.policy  delete    topic
                retention.ms    86400000  topic
                """);
        assertThat(run("config", "describe", "--topic", "flights", "--json"))
                .contains(
                        "{\"setting\":\"retention.ms\",\"value\":\"86400000\",\"source\":\"topic\",\"readOnly\":false}\n");
        assertThat(run("config", "unset", "--topic", "flights", "retention.ms", "cleanup.policy"))
                .isEqualTo("unset cleanup.policy\nunset retention.ms\n");
        assertThat(run("config", "describe", "--topic", "flights")).doesNotContain("retention.ms");
    }

    @Test
    void defaultsAreShownWhenAskedFor() {
        assertThat(run("config", "describe", "--topic", "flights")).doesNotContain("max.message.bytes");

        assertThat(run("config", "describe", "--topic", "flights", "--all"))
                .containsPattern("max\\.message\\.bytes +1048588 +default");
    }

    @Test
    void brokersAndGroupsHaveSettingsToo() {
        run("config", "set", "--all-brokers", "log.retention.ms=1000000");
        run("config", "set", "--broker", "1", "log.retention.ms=2000000");
        run("config", "set", "--group", "readers", "consumer.session.timeout.ms=50000");

        assertThat(run("config", "describe", "--all-brokers")).containsPattern("1000000 +all brokers");
        assertThat(run("config", "describe", "--broker", "1")).containsPattern("2000000 +broker");
        assertThat(run("config", "describe", "--group", "readers")).containsPattern("50000 +group");
    }

    @Test
    void whatTheBrokerRefusesIsExplained() {
        var terminal = new CapturedTerminal("");

        assertThat(exitCode(terminal, "config", "set", "--topic", "flights", "retention.mss=1"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(terminal.err())
                .contains("settings of topic flights were not changed")
                .contains("retention.ms");
    }

    @Test
    void quotasAreSetListedAndTakenBack() {
        assertThat(run("quota", "set", "--client", "greedy", "producer_byte_rate=1048576", "request_percentage=12.5"))
                .isEqualTo("""
                        set producer_byte_rate=1048576 for client-id greedy
                        set request_percentage=12.5 for client-id greedy
                        """);
        run("quota", "set", "--any-client", "--user", "alice", "consumer_byte_rate=1000");

        assertThat(run("quota", "list")).isEqualTo("""
                USER   CLIENT  QUOTA                 LIMIT
                alice  any     consumer_byte_rate     1000
                -      greedy  producer_byte_rate  1048576
                -      greedy  request_percentage     12.5
                """);
        assertThat(run("quota", "list", "--json")).isEqualTo("""
                {"for":{"client-id":null,"user":"alice"},"limits":{"consumer_byte_rate":1000}}
                {"for":{"client-id":"greedy"},"limits":{"producer_byte_rate":1048576,"request_percentage":12.5}}
                """);
        run("quota", "unset", "--any-client", "--user", "alice", "consumer_byte_rate");
        run("quota", "unset", "--client", "greedy", "producer_byte_rate", "request_percentage");
        assertThat(run("quota", "list")).doesNotContain("greedy", "alice");
    }

    @Test
    void aQuotaIsForSomebodyAndANumber() {
        var nobody = new CapturedTerminal("");
        var word = new CapturedTerminal("");
        var unknown = new CapturedTerminal("");

        assertThat(exitCode(nobody, "quota", "set", "producer_byte_rate=1")).isEqualTo(ExitCode.USAGE);
        assertThat(exitCode(word, "quota", "set", "--client", "a", "producer_byte_rate=much"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(exitCode(unknown, "quota", "set", "--client", "a", "speed=1"))
                .isEqualTo(ExitCode.FAILED);

        assertThat(nobody.err()).contains("--any-client");
        assertThat(word.err()).contains("producer_byte_rate=much");
        assertThat(unknown.err()).contains("client-id a").contains("producer_byte_rate");
    }

    @Test
    void helpShowsWhatThereIs() {
        var config = new CapturedTerminal("");
        var quota = new CapturedTerminal("");

        config.run("config", "--help");
        quota.run("quota", "set", "--help");

        assertThat(config.out()).contains("describe", "unset", "thalweg config set --topic flights");
        assertThat(quota.out()).contains("--any-client", "--user", "KEY=VALUE");
    }
}
