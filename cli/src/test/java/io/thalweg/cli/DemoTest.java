package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoTest {

    private final CapturedTerminal terminal = new CapturedTerminal("");

    @Test
    void csvFileIsStreamedAndEveryKeyChecked(@TempDir Path directory) throws IOException {
        var lines = IntStream.range(0, 500)
                .mapToObj(i -> i + ",airport-" + i % 7)
                .collect(Collectors.joining("\n", "number,origin\n", "\n"));
        var file = Files.writeString(directory.resolve("flights.csv"), lines);

        var code = terminal.run(
                "demo", "--file", file.toString(), "--key-field", "origin", "--repeat", "2", "--brokers", "1");

        assertThat(code).as(terminal.err()).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out())
                .contains("1,000 written, 1,000 read back")
                .contains("7 by field origin, over 4 partitions")
                .contains("OK: all 7 keys have every record, in the order it was written");
    }

    @Test
    void jsonLinesWorkToo(@TempDir Path directory) throws IOException {
        var lines = IntStream.range(0, 100)
                .mapToObj(i -> "{\"user\":\"u" + i % 3 + "\",\"n\":" + i + "}\n")
                .collect(Collectors.joining());
        var file = Files.writeString(directory.resolve("events.jsonl"), lines);

        var code = terminal.run(
                "demo",
                "-f",
                file.toString(),
                "-k",
                "user",
                "-p",
                "2",
                "--compression",
                "GZIP",
                "--rate",
                "5000",
                "--brokers",
                "1");

        assertThat(code).as(terminal.err()).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).contains("OK: all 3 keys");
    }
}
