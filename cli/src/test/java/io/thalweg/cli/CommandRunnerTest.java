package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandRunnerTest {

    private final CapturedTerminal terminal = new CapturedTerminal("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server",
                "produce",
                "consume",
                "demo",
                "topic",
                "topic create",
                "topic list",
                "topic describe",
                "topic delete",
                "group",
                "group list",
                "config",
                "config set",
                "quota",
                "quota set"
            })
    void everyCommandExplainsItselfWithAnExample(String command) {
        var code = terminal.run((command + " --help").split(" ", -1));

        assertThat(code).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).contains("Usage: thalweg " + command).contains("Example");
        assertThat(terminal.out().lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void helpNamesAllCommandsAndExitCodes() {
        var code = terminal.run("--help");

        assertThat(code).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).contains("consume", "demo", "produce", "server", "topic", "Exit codes");
    }

    @Test
    void helpIsACommandToo() {
        var code = terminal.run("help", "topic", "create");

        assertThat(code).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).contains("Usage: thalweg topic create");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "topic",
                "group",
                "config",
                "quota",
                "topic create",
                "consume",
                "produce t --compression lzma",
                "server --set x"
            })
    void unusableCommandLineIsRefusedWithUsage(String line) {
        var code = line.isEmpty() ? terminal.run() : terminal.run(line.split(" ", -1));

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("Usage: thalweg");
    }

    @Test
    void startThatMakesNoSenseSaysWhatWould() {
        var code = terminal.run("consume", "flights", "--from", "yesterday");

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("start yesterday: expected beginning, end, offset:N");
    }

    @Test
    void brokerThatIsNotThereIsNamedWithAdviceAndWithoutAStackTrace() throws IOException {
        var code = terminal.run("topic", "list", "-b", "127.0.0.1:" + freePort(), "--timeout", "1");

        assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(terminal.err())
                .contains("cannot be reached")
                .contains("thalweg server")
                .doesNotContain("\tat ");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void serverNamesTheSettingItDoesNotKnowAndTheClosestOne() {
        var code = terminal.run("server", "--set", "num.partition=4");

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("num.partition").contains("num.partitions");
    }

    @Test
    void missingFileIsNamed() {
        var code = terminal.run("produce", "flights", "--file", "no/such/file.csv");

        assertThat(code).isEqualTo(ExitCode.NO_INPUT);
        assertThat(terminal.err()).contains("no/such/file.csv");
    }

    @Test
    void demoOfAFileNeedsAKeyField() {
        var code = terminal.run("demo", "--file", "flights.csv");

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err()).contains("--key-field NAME");
    }

    @Test
    void directoryWhereAFileIsExpectedIsNamed(@TempDir Path directory) {
        var code = terminal.run("server", directory.toString());

        assertThat(code).isEqualTo(ExitCode.NO_INPUT);
        assertThat(terminal.err()).startsWith("thalweg: " + directory + " is a directory, expected a file\n");
    }

    @Test
    void serverWhoseAddressIsTakenSaysWhatToDo(@TempDir Path directory) throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var address = "127.0.0.1:" + taken.getLocalPort();

            var code = terminal.run("server", "--listen", address, "--data", directory.toString());

            assertThat(code).isEqualTo(ExitCode.FAILED);
            assertThat(terminal.err()).contains(address, "in use", "--listen");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"server --set", "topic create t --config"})
    void settingWithoutAValueIsRefusedOnce(String line) {
        var code = terminal.run((line + " num.partitions").split(" ", -1));

        assertThat(code).isEqualTo(ExitCode.USAGE);
        assertThat(terminal.err())
                .contains("setting num.partitions: expected KEY=VALUE")
                .doesNotContain("option option");
    }
}
