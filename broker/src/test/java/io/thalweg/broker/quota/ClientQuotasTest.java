package io.thalweg.broker.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.quota.ClientQuotas.Kind;
import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.QuotaEntity;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ClientQuotasTest {

    private static final long BURST_SECONDS = 10;

    private MetadataImage image = MetadataImage.EMPTY;
    private long nowNanos = -5;
    private final ClientQuotas quotas =
            new ClientQuotas(() -> image, () -> nowNanos, kind -> TimeUnit.SECONDS.toNanos(BURST_SECONDS));

    private void set(QuotaEntity entity, String key, double value) {
        image = image.with(new ConfigImage(entity.toResource(), new TreeMap<>(Map.of(key, Double.toString(value)))));
    }

    private static QuotaEntity client(String id) {
        return QuotaEntity.of(QuotaEntity.CLIENT_ID, Optional.of(id));
    }

    private long produceSeconds(String clientId, double bytes) {
        return TimeUnit.NANOSECONDS.toSeconds(quotas.charge(Kind.PRODUCE, clientId, bytes));
    }

    @Test
    void withoutAQuotaNobodyWaits() {
        assertThat(quotas.areSet()).isFalse();
        assertThat(produceSeconds("a", 1e12)).isZero();
    }

    @Test
    void whoUsesMoreThanABurstWaitsUntilItIsPaidOff() {
        set(client("a"), "producer_byte_rate", 100);

        assertThat(produceSeconds("a", 100 * BURST_SECONDS)).isZero();
        assertThat(produceSeconds("a", 500)).isEqualTo(5);
        nowNanos += TimeUnit.SECONDS.toNanos(5);
        assertThat(produceSeconds("a", 100)).isEqualTo(1);
        assertThat(produceSeconds("b", 100_000)).isZero();
    }

    @Test
    void inTheLongRunTheRateIsThatOfTheQuota() {
        set(client("a"), "consumer_byte_rate", 1000);
        var begun = nowNanos;

        for (var use = 0; use < 1000; use++) {
            nowNanos += quotas.charge(Kind.FETCH, "a", 300);
        }

        assertThat(TimeUnit.NANOSECONDS.toSeconds(nowNanos - begun)).isEqualTo(300 - BURST_SECONDS);
    }

    @Test
    void theQuotaThatIsMostExactCounts() {
        var user = Optional.of(ClientQuotas.USER);
        set(QuotaEntity.of(QuotaEntity.CLIENT_ID, Optional.empty()), "producer_byte_rate", 1);
        set(QuotaEntity.of(QuotaEntity.USER, Optional.empty()), "producer_byte_rate", 10);
        assertThat(produceSeconds("a", 200)).isEqualTo(10);

        set(QuotaEntity.of(user, Optional.of("a")), "producer_byte_rate", 1e9);
        assertThat(produceSeconds("a", 200)).isZero();
    }

    @Test
    void aQuotaOfAUserIsSharedAndOneOfEachClientIsNot() {
        set(QuotaEntity.of(QuotaEntity.USER, Optional.of(ClientQuotas.USER)), "producer_byte_rate", 100);
        produceSeconds("a", 1000);
        assertThat(produceSeconds("b", 1000)).isEqualTo(10);

        set(QuotaEntity.of(Optional.of(ClientQuotas.USER), Optional.empty()), "producer_byte_rate", 100);
        produceSeconds("a", 1000);
        assertThat(produceSeconds("b", 1000)).isZero();
    }

    @Test
    void whoUsesNothingHearsWhatIsOwed() {
        set(client("a"), "controller_mutation_rate", 2);

        assertThat(quotas.charge(Kind.MUTATION, "a", 0)).isZero();
        quotas.charge(Kind.MUTATION, "a", 2 * BURST_SECONDS + 6);

        assertThat(quotas.charge(Kind.MUTATION, "a", 0)).isEqualTo(TimeUnit.SECONDS.toNanos(3));
    }

    @Test
    void whatIsOwedIsPaidOffAtTheRateOfToday() {
        set(client("a"), "producer_byte_rate", 100);
        assertThat(produceSeconds("a", 100 * (BURST_SECONDS + 640))).isEqualTo(640);

        set(client("a"), "producer_byte_rate", 6_400);
        assertThat(produceSeconds("a", 0)).isEqualTo(10);

        set(client("a"), "producer_byte_rate", 3_200);
        assertThat(produceSeconds("a", 0)).isEqualTo(20);
    }

    @Test
    void manyDebtorsAreNotAllRemembered() {
        set(QuotaEntity.of(QuotaEntity.CLIENT_ID, Optional.empty()), "producer_byte_rate", 1);
        for (var client = 0; client < 10_000; client++) {
            produceSeconds("client-" + client, 1000);
        }

        produceSeconds("one more", 1000);

        assertThat(produceSeconds("another", 0)).isEqualTo(1000 - BURST_SECONDS);
        assertThat(produceSeconds("client-0", 0)).isEqualTo(1000 - BURST_SECONDS);
        nowNanos += TimeUnit.SECONDS.toNanos(1000);
        assertThat(produceSeconds("another", 1000)).isEqualTo(1000 - BURST_SECONDS);
    }

    @Test
    void requestTimeIsMeasuredInPercentOfAnEventLoop() {
        set(client("a"), "request_percentage", 50);

        quotas.charge(Kind.REQUEST, "a", TimeUnit.SECONDS.toNanos(BURST_SECONDS) / 2.0);
        var waits = quotas.charge(Kind.REQUEST, "a", 1e9);

        assertThat(TimeUnit.NANOSECONDS.toSeconds(waits)).isEqualTo(2);
    }
}
