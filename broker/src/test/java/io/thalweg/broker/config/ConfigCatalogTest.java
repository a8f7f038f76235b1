package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigType;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigCatalogTest {

    private final ConfigCatalog brokers = ConfigCatalog.ofBroker(List.of());

    @Test
    void anUnknownNameIsRefusedWithTheClosestKnownOne() {
        assertThatThrownBy(() -> brokers.key("log.retention.hour"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("config log.retention.hour is not known for a broker: the closest known one is"
                        + " log.retention.hours");
        assertThatThrownBy(() -> ConfigCatalog.ofTopic().key("retention"))
                .hasMessage("config retention is not known for a topic: the closest known one is retention.ms");
        assertThatThrownBy(() -> brokers.key("foo.bar")).hasMessage("config foo.bar is not known for a broker");
    }

    @Test
    void whatKafkaKnowsBesidesIsKnownWithoutEffect() {
        assertThat(brokers.find("ssl.keystore.location")).isPresent();
        assertThat(brokers.hasEffect("ssl.keystore.location")).isFalse();
        assertThat(brokers.hasEffect("log.retention.ms")).isTrue();
    }

    @Test
    void theValueOfAKeyWithoutEffectIsCheckedAllTheSame() {
        assertThatThrownBy(() -> brokers.key("telemetry.max.bytes").parse("many"))
                .hasMessage("config telemetry.max.bytes=many refused: expected a value of type INT");
        assertThatThrownBy(() -> brokers.key("ssl.client.auth").parse("maybe"))
                .hasMessageContaining("expected one of required, requested, none");
    }

    @Test
    void aProviderBringsItsOwnKeys() {
        var depth = ConfigKey.ofInt("storage.sqlite.cache", 8);

        var catalog = ConfigCatalog.ofBroker(List.of(depth));

        assertThat(catalog.key("storage.sqlite.cache")).isSameAs(depth);
        assertThat(catalog.hasEffect("storage.sqlite.cache")).isTrue();
        assertThat(catalog.described()).contains(depth);
        assertThatThrownBy(() -> brokers.key("storage.sqlite.cache")).isInstanceOf(ConfigException.class);
    }

    @Test
    void aKeyThatAProviderTakesOverFromKafkaHasAnEffect() {
        var catalog = ConfigCatalog.ofBroker(List.of(ConfigKey.ofInt("background.threads", 10)));

        assertThat(catalog.hasEffect("background.threads")).isTrue();
        assertThat(brokers.hasEffect("background.threads")).isFalse();
    }

    @Test
    void aKeyForOneListenerIsKnownLikeTheKeyItself() {
        var password = brokers.key("listener.name.clients.ssl.keystore.password");
        var jaas = brokers.key("listener.name.clients.scram-sha-256.sasl.jaas.config");

        assertThat(password.isSensitive()).isTrue();
        assertThat(jaas.type()).isEqualTo(ConfigType.PASSWORD);
        assertThat(brokers.hasEffect("listener.name.clients.ssl.keystore.password"))
                .isFalse();
        assertThat(brokers.hasEffect("listener.name.clients.max.connection.creation.rate"))
                .isTrue();
        assertThatThrownBy(() -> brokers.key("listener.name.clients.nonsense")).isInstanceOf(ConfigException.class);
    }

    @Test
    void whatPluginsOfKafkaReadIsKnownAndSecret() {
        assertThat(brokers.key("rsm.config.bucket").isSensitive()).isTrue();
        assertThatThrownBy(() -> ConfigCatalog.ofTopic().key("rsm.config.bucket"))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void internalKeysWorkAndAreNotDescribed() {
        var topics = ConfigCatalog.ofTopic();

        assertThat(topics.find("internal.segment.bytes")).isPresent();
        assertThat(topics.described()).extracting(ConfigKey::name).doesNotContain("internal.segment.bytes");
    }
}
