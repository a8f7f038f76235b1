package io.thalweg.spi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConfigValuesTest {

    private static final ConfigKey<Integer> THREADS = ConfigKey.ofInt("threads", 3);
    private static final ConfigKey<String> RACK = ConfigKey.ofString("rack", null);

    @Test
    void aValueThatIsSetCountsBeforeTheDefault() {
        assertThat(ConfigValues.of(Map.of("threads", "8")).value(THREADS)).isEqualTo(8);
        assertThat(ConfigValues.empty().value(THREADS)).isEqualTo(3);
    }

    @Test
    void aValueThatIsNeitherSetNorHasADefaultIsFoundEmptyAndRefusedWhenNeeded() {
        assertThat(ConfigValues.empty().find(RACK)).isEmpty();
        assertThatThrownBy(() -> ConfigValues.empty().value(RACK))
                .isInstanceOf(ConfigException.class)
                .hasMessage("config rack is not set and has no default: set it to a value of type STRING");
    }

    @Test
    void withReplacesInACopy() {
        var before = ConfigValues.empty().with("threads", "1");

        var after = before.with("threads", "2");

        assertThat(before.value(THREADS)).isEqualTo(1);
        assertThat(after.value(THREADS)).isEqualTo(2);
        assertThat(after.isSet(THREADS)).isTrue();
    }
}
