package io.thalweg.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigTableTest {

    @Test
    void aRowTellsTypeDefaultRangeAndWhatItDoes() {
        var keys = List.of(
                ConfigKey.ofInt("threads", 3).atLeast(1).changeable().documented("How many threads work."),
                ConfigKey.ofString("path", null).documented("Where a|b lies."),
                ConfigKey.ofList("names", List.of()).documented("Begins with <name>."),
                ConfigKey.ofInt("secret.knob", 1).internal());

        var table = ConfigTable.markdown(keys);

        assertThat(table).isEqualTo("""
                        | setting | type | default | what it does |
                        | --- | --- | --- | --- |
                        | `threads` | int, changeable | `3` | How many threads work. Allowed: a number not below 1. |
                        | `path` | string | unset | Where a\\|b lies. |
                        | `names` | list | empty | Begins with &lt;name>. |
                        """);
    }
}
