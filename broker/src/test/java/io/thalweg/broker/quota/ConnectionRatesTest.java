package io.thalweg.broker.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.quota.ConnectionRates.Turn;
import io.thalweg.broker.quota.ConnectionRates.Windows;
import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.QuotaEntity;
import io.thalweg.spi.config.ConfigValues;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ConnectionRatesTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final Turn AT_ONCE = new Turn(0, false);
    private static final Turn REFUSED = new Turn(SECOND, true);

    private MetadataImage image = MetadataImage.EMPTY;
    private ConfigValues settings = ConfigValues.empty();
    private long nowNanos = -7;
    private final ConnectionRates rates =
            new ConnectionRates(() -> image, any -> settings, () -> nowNanos, new Windows(SECOND, 4 * SECOND), "INNER");

    private void set(Optional<String> address, double perSecond) {
        var resource = QuotaEntity.of(QuotaEntity.IP, address).toResource();
        image = image.with(new ConfigImage(
                resource, new TreeMap<>(Map.of("connection_creation_rate", Double.toString(perSecond)))));
    }

    private void next(int times, Turn expected) {
        for (var i = 0; i < times; i++) {
            assertThat(rates.next("10.0.0.1", "OUTER")).isEqualTo(expected);
        }
    }

    @Test
    void withoutRatesNobodyWaits() {
        next(10_000, AT_ONCE);
    }

    @Test
    void anAddressThatHasTooManyIsRefusedAndNotChargedForIt() {
        set(Optional.of("10.0.0.1"), 2);

        next(6, AT_ONCE);
        next(100, REFUSED);
        nowNanos += SECOND;
        next(2, AT_ONCE);
        next(1, REFUSED);

        assertThat(rates.next("10.0.0.2", "OUTER")).isEqualTo(AT_ONCE);
    }

    @Test
    void anAddressWithoutAQuotaOfItsOwnHasThatOfAnyAddress() {
        set(Optional.of("10.0.0.2"), 1000);
        set(Optional.empty(), 1);

        next(3, AT_ONCE);
        next(1, REFUSED);
        for (var i = 0; i < 100; i++) {
            assertThat(rates.next("10.0.0.2", "OUTER")).isEqualTo(AT_ONCE);
        }
        assertThat(rates.next("10.0.0.3", "OUTER")).isEqualTo(AT_ONCE);
    }

    @Test
    void whatIsTooManyForTheBrokerWaitsInTurnUntilThatWouldTakeTooLong() {
        settings = ConfigValues.of(Map.of("max.connection.creation.rate", "1"));

        next(3, AT_ONCE);
        for (var seconds = 1; seconds <= 4; seconds++) {
            next(1, new Turn(seconds * SECOND, false));
        }
        next(10, REFUSED);
        nowNanos += SECOND;

        next(1, new Turn(4 * SECOND, false));
    }

    /** It never got in, so it must not use up what its address may do. */
    @Test
    void whatTheBrokerRefusesIsChargedToNoAddressNorListener() {
        set(Optional.of("10.0.0.1"), 2);
        settings = ConfigValues.of(
                Map.of("max.connection.creation.rate", "0", "listener.name.outer.max.connection.creation.rate", "1"));
        next(100, REFUSED);

        settings = ConfigValues.of(Map.of("listener.name.outer.max.connection.creation.rate", "1"));
        image = image.with(new ConfigImage(ConfigResource.ofTopic("any"), new TreeMap<>()));

        next(3, AT_ONCE);
        next(1, new Turn(SECOND, false));
    }

    @Test
    void theRateOfOneListenerIsItsOwn() {
        settings = ConfigValues.of(Map.of("listener.name.outer.max.connection.creation.rate", "1"));

        next(3, AT_ONCE);
        next(1, new Turn(SECOND, false));

        assertThat(rates.next("10.0.0.1", "OTHER")).isEqualTo(AT_ONCE);
    }

    @Test
    void theListenerBetweenBrokersDoesNotWaitForTheOthers() {
        settings = ConfigValues.of(Map.of("max.connection.creation.rate", "0"));

        next(1, REFUSED);

        assertThat(rates.next("10.0.0.1", "INNER")).isEqualTo(AT_ONCE);
    }
}
