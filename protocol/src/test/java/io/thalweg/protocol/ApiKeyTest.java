package io.thalweg.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ApiKeyTest {

    /** What brokers of one cluster say to each other; a broker listener does not answer them. */
    private static final Set<Integer> BETWEEN_BROKERS = Set.of(56, 58, 62, 63, 67, 73);

    @Test
    void keysAreThoseOfBrokerListenersAndThoseBetweenBrokers() {
        List<Integer> expected = Arrays.stream(ApiKeys.values())
                .filter(key -> key.inScope(ListenerType.BROKER) || BETWEEN_BROKERS.contains((int) key.id))
                .map(key -> (int) key.id)
                .sorted()
                .toList();

        assertThat(Arrays.stream(ApiKey.values()).map(key -> (int) key.id())).containsExactlyElementsOf(expected);
    }

    @ParameterizedTest
    @EnumSource
    void versionsAreThoseOfKafka(ApiKey key) {
        ApiKeys kafkas = ApiKeys.forId(key.id());

        assertThat(key.minVersion()).isEqualTo(kafkas.oldestVersion());
        assertThat(key.maxVersion()).isEqualTo(kafkas.latestVersion(true));
        assertThat(key.maxStableVersion()).isEqualTo(kafkas.latestVersion(false));
        for (short version = key.minVersion(); version <= key.maxVersion(); version++) {
            assertThat(key.requestHeaderVersion(version)).isEqualTo(kafkas.requestHeaderVersion(version));
            assertThat(key.responseHeaderVersion(version)).isEqualTo(kafkas.responseHeaderVersion(version));
        }
    }

    @Test
    void namesAreThoseOfKafka() {
        for (ApiKey key : ApiKey.values()) {
            assertThat(key.apiName()).isEqualTo(ApiKeys.forId(key.id()).name);
            assertThat(key.name()).isEqualTo(ApiKeys.forId(key.id()).name());
        }
    }

    @Test
    void onlyWhatBrokersSayToEachOtherIsInternal() {
        assertThat(Arrays.stream(ApiKey.values())
                        .filter(ApiKey::isInternal)
                        .map(key -> (int) key.id())
                        .collect(Collectors.toSet()))
                .isEqualTo(BETWEEN_BROKERS);
    }

    @Test
    void keysAreFoundById() {
        assertThat(ApiKey.forId(18)).contains(ApiKey.API_VERSIONS);
        assertThat(ApiKey.forId(4)).isEmpty();
        assertThat(ApiKey.forId(-1)).isEmpty();
        assertThat(ApiKey.forId(10_000)).isEmpty();
    }

    @Test
    void flexibleVersionsHaveTheirOwnHeader() {
        assertThat(ApiKey.METADATA.requestHeaderVersion((short) 8)).isEqualTo((short) 1);
        assertThat(ApiKey.METADATA.requestHeaderVersion((short) 9)).isEqualTo((short) 2);
        assertThat(ApiKey.METADATA.responseHeaderVersion((short) 9)).isEqualTo((short) 1);
        assertThat(ApiKey.API_VERSIONS.responseHeaderVersion((short) 4)).isEqualTo((short) 0);
        assertThat(ApiKey.SASL_HANDSHAKE.requestHeaderVersion((short) 1)).isEqualTo((short) 1);
    }
}
