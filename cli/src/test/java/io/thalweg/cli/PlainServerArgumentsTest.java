package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class PlainServerArgumentsTest {

    private static String[] words(String line) {
        return line.isEmpty() ? new String[0] : line.split(" ", -1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "server.properties",
                "--listen 127.0.0.1:0 --data d",
                "--set num.partitions=4 my.properties --set durability=os --listen [::1]:9092",
                "--set listeners=PLAINTEXT://:9092,INTERNAL://:9093 --set empty="
            })
    void plainArgumentsMeanWhatPicocliTakesThemFor(String line) {
        var command = new ServerCommand(new CapturedTerminal("").terminal());
        var unused = new CommandLine(command).parseArgs(words(line));

        assertThat(PlainServerArguments.read(words(line))).contains(command.settings());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--verbose",
                "--set",
                "--set x",
                "--set =1",
                "--listen",
                "--listen --data d",
                "--listen=127.0.0.1:0",
                "one.properties two.properties",
                "--listen a:1 --listen b:2"
            })
    void everythingElseIsLeftToPicocli(String line) {
        assertThat(PlainServerArguments.read(words(line))).isEmpty();
    }

    @Test
    void fileAndShortFormsAreKeptApart() {
        var settings = PlainServerArguments.read("f.properties", "--data", "d").orElseThrow();

        assertThat(settings.file()).isEqualTo(Path.of("f.properties"));
        assertThat(settings.data()).isEqualTo("d");
        assertThat(settings.listen()).isNull();
    }
}
