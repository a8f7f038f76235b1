package io.thalweg.spi.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigKeyTest {

    private static final ConfigKey<Integer> PORT = ConfigKey.ofInt("port", 9092).between(0, 65_535);

    @Test
    void readsTheValuesOfEachType() {
        assertThat(ConfigKey.ofBoolean("b", null).parse(" True ")).isTrue();
        assertThat(ConfigKey.ofShort("s", null).parse("-3")).isEqualTo((short) -3);
        assertThat(PORT.parse(" 17 ")).isEqualTo(17);
        assertThat(ConfigKey.ofLong("l", null).parse("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(ConfigKey.ofDouble("d", null).parse("0.5")).isEqualTo(0.5);
        assertThat(ConfigKey.ofList("list", null).parse("a, b,,c")).isEqualTo(List.of("a", "b", "c"));
        assertThat(ConfigKey.ofList("list", null).parse("")).isEmpty();
        assertThat(ConfigKey.ofString("text", null).parse(" as it is ")).isEqualTo(" as it is ");
    }

    @Test
    void refusesWhatIsOutOfRangeByNameValueAndExpectation() {
        assertThatThrownBy(() -> PORT.parse("65536"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("config port=65536 refused: expected a number from 0 to 65535");
    }

    @Test
    void refusesWhatIsNotOfTheType() {
        assertThatThrownBy(() -> PORT.parse("http"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("config port=http refused: expected a value of type INT");
    }

    @Test
    void refusesAnElementThatIsNotOneOfTheAllowed() {
        var roles = ConfigKey.ofList("roles", null).oneOf("broker", "controller");

        assertThat(roles.parse("controller,broker")).containsExactly("controller", "broker");
        assertThatThrownBy(() -> roles.parse("broker,brooker"))
                .hasMessage("config roles=broker,brooker refused: expected one of broker, controller");
    }

    @Test
    void neverShowsASecret() {
        var secret = ConfigKey.ofPassword("secret").allowing(text -> false, "nothing at all");

        assertThat(secret.isSensitive()).isTrue();
        assertThatThrownBy(() -> secret.parse("hunter2"))
                .hasMessage("config secret=[hidden] refused: expected nothing at all");
    }

    @Test
    void writesADefaultAsItIsRead() {
        var list = ConfigKey.ofList("list", List.of("a", "b"));
        var ratio = ConfigKey.ofDouble("ratio", Double.MAX_VALUE);

        assertThat(list.defaultText()).isEqualTo("a,b");
        assertThat(ratio.parse(ratio.format(Double.MAX_VALUE))).isEqualTo(Double.MAX_VALUE);
        assertThat(ConfigKey.ofInt("unset", null).defaultText()).isNull();
    }

    @Test
    void anotherNameKeepsTypeDefaultAndRange() {
        var other = PORT.named("other.port");

        assertThat(other.name()).isEqualTo("other.port");
        assertThat(other.defaultValue()).isEqualTo(9092);
        assertThatThrownBy(() -> other.parse("-1")).hasMessageContaining("other.port=-1");
    }

    @Test
    void tellsHowItMayChange() {
        assertThat(PORT.update()).isEqualTo(ConfigUpdate.AT_START);
        assertThat(PORT.isDynamic()).isFalse();
        assertThat(PORT.changeable().update()).isEqualTo(ConfigUpdate.CLUSTER_WIDE);
        assertThat(PORT.changeablePerBroker().update()).isEqualTo(ConfigUpdate.PER_BROKER);
        assertThat(PORT.internal().changeable().isInternal()).isTrue();
    }

    @Test
    void aKeyOfATypeKnownOnlyAtRunTimeReadsItsDefault() {
        assertThat(ConfigKey.ofType("n", ConfigType.LONG, "7").defaultValue()).isEqualTo(7L);
        assertThat(ConfigKey.ofType("n", ConfigType.LONG, null).defaultValue()).isNull();
    }
}
