package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TrainCommandTest {

    private final CapturedTerminal terminal = new CapturedTerminal("");

    @Test
    void runsWithoutASettingAndPrintsNothing() {
        var code = terminal.run("train");

        assertThat(code).as(terminal.err()).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).isEmpty();
    }
}
