package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DeclaredLikeKafkaTest {

    private static final String KNOWN = "kafka-4.3.1.tsv";

    @Test
    void everyConstantIsListedByItsClass() throws IllegalAccessException {
        assertListed(ServerKeys.class, ServerKeys.all());
        assertListed(ShardKeys.class, ShardKeys.all());
        assertListed(ListenerKeys.class, ListenerKeys.all());
        assertListed(TransportKeys.class, TransportKeys.all());
        assertListed(StorageKeys.class, StorageKeys.all());
        assertListed(LogKeys.class, LogKeys.all());
        assertListed(ReplicationKeys.class, ReplicationKeys.all());
        assertListed(GroupKeys.class, GroupKeys.all());
        assertListed(QuotaKeys.class, QuotaKeys.all());
        assertListed(TopicKeys.class, TopicKeys.all());
        assertListed(ConsumerGroupKeys.class, ConsumerGroupKeys.all());
    }

    @Test
    void everyKeyIsDocumentedInWholeSentences() {
        Stream.of(BrokerKeys.all(), TopicKeys.all(), ConsumerGroupKeys.all())
                .flatMap(List::stream)
                .forEach(key -> assertThat(key.documentation()).as(key.name()).matches("(?s)[A-Z].*\\.(<name>\\.)?"));
    }

    @Test
    void noKeyIsDeclaredTwice() {
        assertThat(BrokerKeys.all()).extracting(ConfigKey::name).doesNotHaveDuplicates();
        assertThat(TopicKeys.all()).extracting(ConfigKey::name).doesNotHaveDuplicates();
    }

    @Test
    void everyDefaultIsAllowed() {
        Stream.of(ConfigCatalog.ofBroker(List.of()), ConfigCatalog.ofTopic(), ConfigCatalog.ofGroup())
                .flatMap(catalog -> catalog.described().stream())
                .filter(key -> key.defaultText() != null)
                .forEach(key -> assertThat(formatted(key)).isEqualTo(key.defaultText()));
    }

    @Test
    void allowsWhatKafkaAllowsAtTheEndsOfItsRangesAndNothingPastThem() throws IOException {
        checkRanges("broker", ConfigCatalog.ofBroker(List.of()));
        checkRanges("topic", ConfigCatalog.ofTopic());
        checkRanges("group", ConfigCatalog.ofGroup());
        checkRanges("client-metrics", ConfigCatalog.ofClientMetrics());
    }

    private static <T> String formatted(ConfigKey<T> key) {
        return key.format(key.parse(String.valueOf(key.defaultText())));
    }

    private static void assertListed(Class<?> keys, Collection<ConfigKey<?>> listed) throws IllegalAccessException {
        var constants = Arrays.stream(keys.getDeclaredFields())
                .filter(field -> field.getType() == ConfigKey.class && Modifier.isStatic(field.getModifiers()))
                .collect(Collectors.toList());
        assertThat(constants).hasSameSizeAs(listed);
        for (var constant : constants) {
            assertThat(listed).as(keys.getSimpleName()).contains((ConfigKey<?>) constant.get(null));
        }
    }

    private static void checkRanges(String resource, ConfigCatalog catalog) throws IOException {
        for (var row : KafkaTable.rows(KNOWN, resource, 6)) {
            var dots = row[5].indexOf("..");
            var key = catalog.key(row[1]);
            if (dots > 0) {
                checkEnd(key, row[5].substring(0, dots), BigDecimal.ONE.negate());
                checkEnd(key, row[5].substring(dots + 2), BigDecimal.ONE);
            }
        }
    }

    private static void checkEnd(ConfigKey<?> key, String end, BigDecimal past) {
        if (!end.isEmpty()) {
            assertThatCode(() -> key.parse(end)).as(key.name()).doesNotThrowAnyException();
            var beyond = new BigDecimal(end).add(past).toString();
            assertThatThrownBy(() -> key.parse(beyond))
                    .as(key.name())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(key.name() + "=" + beyond);
        }
    }
}
