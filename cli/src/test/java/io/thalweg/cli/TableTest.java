package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TableTest {

    private static List<String> printed(int width) {
        var table = new Table("TOPIC", "RECORDS#");
        table.add("flights", 231_083);
        table.add("a-topic-with-a-name-that-is-rather-long", 7);
        var text = new StringWriter();
        var out = new PrintWriter(text);
        table.print(out, width);
        out.flush();
        return text.toString().lines().toList();
    }

    @Test
    void numbersAreAlignedToTheRight() {
        assertThat(printed(80))
                .containsExactly(
                        "TOPIC                                    RECORDS",
                        "flights                                   231083",
                        "a-topic-with-a-name-that-is-rather-long        7");
    }

    @Test
    void widestColumnGivesWayToTheTerminal() {
        assertThat(printed(30))
                .containsExactly(
                        "TOPIC                  RECORDS",
                        "flights                 231083",
                        "a-topic-with-a-name-…        7");
    }
}
