package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.transport.Endpoint;
import org.junit.jupiter.api.Test;

final class ListenersTest {

    private static final SecurityProtocol PLAINTEXT = SecurityProtocol.PLAINTEXT;

    /** Looking the name of the machine up may take seconds. */
    private static String noName() {
        throw new AssertionError("the name of the machine was asked for");
    }

    @Test
    void withoutSettingsOneListensOnTheLoopbackAddress() {
        var listeners = Listeners.of(ConfigValues.empty(), () -> "here.example");

        var loopback = new Endpoint("127.0.0.1", 9092);
        assertThat(listeners.broker()).containsExactly(new ListenerConfig("PLAINTEXT", PLAINTEXT, loopback, loopback));
        assertThat(listeners.controller()).isEmpty();
        assertThat(listeners.interBroker()).contains(listeners.broker().get(0));
    }

    @Test
    void namesProtocolsAndAddressesComeTogether() {
        var listeners = Listeners.of(
                values(
                        "listeners", "inside://0.0.0.0:9094, OUTSIDE://:9092,CTL://[::1]:9093",
                        "advertised.listeners", "OUTSIDE://broker.example:19092,INSIDE://10.0.0.7:9094",
                        "listener.security.protocol.map", "INSIDE:PLAINTEXT,OUTSIDE:PLAINTEXT",
                        "controller.listener.names", "CTL",
                        "inter.broker.listener.name", "INSIDE"),
                () -> "here.example");

        assertThat(listeners.broker())
                .containsExactly(
                        new ListenerConfig(
                                "INSIDE", PLAINTEXT, new Endpoint("0.0.0.0", 9094), new Endpoint("10.0.0.7", 9094)),
                        new ListenerConfig(
                                "OUTSIDE", PLAINTEXT, new Endpoint("", 9092), new Endpoint("broker.example", 19092)));
        assertThat(listeners.controller())
                .containsExactly(
                        new ListenerConfig("CTL", PLAINTEXT, new Endpoint("::1", 9093), new Endpoint("::1", 9093)));
        assertThat(listeners.interBrokerName()).isEqualTo("INSIDE");
    }

    @Test
    void aListenerOnEveryAddressAdvertisesTheHostName() {
        var listeners = Listeners.of(values("listeners", "PLAINTEXT://:9092"), () -> "here.example");

        assertThat(listeners.broker().get(0).advertised()).isEqualTo(new Endpoint("here.example", 9092));
    }

    @Test
    void aFreePortIsAdvertisedOnceItIsKnown() {
        var listener = Listeners.of(values("listeners", "PLAINTEXT://127.0.0.1:0"), ListenersTest::noName)
                .broker()
                .get(0);

        var bound = listener.boundTo(new Endpoint("127.0.0.1", 40_001));

        assertThat(bound.bind()).isEqualTo(new Endpoint("127.0.0.1", 40_001));
        assertThat(bound.advertised()).isEqualTo(new Endpoint("127.0.0.1", 40_001));
    }

    @Test
    void aPortThatWasAdvertisedStays() {
        var listener = Listeners.of(
                        values("listeners", "PLAINTEXT://:0", "advertised.listeners", "PLAINTEXT://proxy:5"),
                        () -> "here")
                .broker()
                .get(0);

        assertThat(listener.boundTo(new Endpoint("0.0.0.0", 40_001)).advertised())
                .isEqualTo(new Endpoint("proxy", 5));
    }

    @Test
    void aServerThatIsNoBrokerNeedsNoListenerBetweenBrokers() {
        var listeners = Listeners.of(
                values(
                        "process.roles", "controller",
                        "listeners", "CONTROLLER://:9093",
                        "controller.listener.names", "CONTROLLER"),
                () -> "here");

        assertThat(listeners.broker()).isEmpty();
        assertThat(listeners.interBroker()).isEmpty();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertRefused("listener SSL asks for SSL, which is not supported yet: expected PLAINTEXT", "SSL://:1");
        assertRefused("listener A has no protocol: expected A:PROTOCOL in listener.security.protocol.map", "A://:1");
        assertRefused("config listeners=PLAINTEXT:1 refused: expected NAME://host:port", "PLAINTEXT:1");
        assertRefused(
                "config listeners=PLAINTEXT://h:99999 refused: expected NAME://host:port with a port from 0 to 65535",
                "PLAINTEXT://h:99999");
        assertRefused(
                "config listeners=PLAINTEXT://:1,plaintext://:2 refused: expected the name PLAINTEXT only once",
                "PLAINTEXT://:1,plaintext://:2");
        assertRefused(
                "listeners PLAINTEXT and SSL both ask for :1: expected an address for each", "PLAINTEXT://:1,SSL://:1");
        assertRefused("config listeners= refused: expected at least one NAME://host:port", "");
    }

    @Test
    void whatIsAdvertisedMustBeABrokerListenerThatCanBeReached() {
        assertRefused(
                "config advertised.listeners=OTHER://h:1 refused: expected the name of a broker listener",
                "PLAINTEXT://:1",
                "advertised.listeners",
                "OTHER://h:1");
        assertRefused(
                "config advertised.listeners=PLAINTEXT://0.0.0.0:1 refused: expected a host that others can connect to",
                "PLAINTEXT://:1",
                "advertised.listeners",
                "PLAINTEXT://0.0.0.0:1");
        assertRefused(
                "listener B is not in advertised.listeners: expected an address for each broker listener",
                "A://:1,B://:2",
                "listener.security.protocol.map",
                "A:PLAINTEXT,B:PLAINTEXT",
                "advertised.listeners",
                "A://h:1");
    }

    @Test
    void brokersNeedOneListenerBetweenThem() {
        assertRefused(
                "no broker listener for traffic between brokers: expected one named X",
                "PLAINTEXT://:1",
                "inter.broker.listener.name",
                "X");
        assertRefused(
                "no broker listener for traffic between brokers: expected one that speaks SSL",
                "PLAINTEXT://:1",
                "security.inter.broker.protocol",
                "SSL");
        assertRefused(
                "inter.broker.listener.name and security.inter.broker.protocol are both set: expected only one of them",
                "PLAINTEXT://:1",
                "inter.broker.listener.name",
                "PLAINTEXT",
                "security.inter.broker.protocol",
                "PLAINTEXT");
    }

    @Test
    void aProtocolMapNamesKnownProtocols() {
        assertRefused(
                "config listener.security.protocol.map=A:TELNET refused: expected NAME:PROTOCOL pairs where PROTOCOL is"
                        + " one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL",
                "A://:1",
                "listener.security.protocol.map",
                "A:TELNET");
    }

    private static void assertRefused(String message, String listeners, String... others) {
        var values = values(others).with("listeners", listeners);
        assertThatThrownBy(() -> Listeners.of(values, () -> "here"))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    private static ConfigValues values(String... namesAndValues) {
        var values = ConfigValues.empty();
        for (var i = 0; i < namesAndValues.length; i += 2) {
            values = values.with(namesAndValues[i], namesAndValues[i + 1]);
        }
        return values;
    }
}
