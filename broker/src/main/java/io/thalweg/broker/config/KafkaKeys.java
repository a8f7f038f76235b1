package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The settings that Apache Kafka 4.3.1 knows, as facts read from a table. One that no {@code …Keys} class declares is known, has
 * its type checked, and has no effect.
 *
 * <p>A line of the table has six columns with tabs between: resource, name, type, how it changes, default, allowed values.
 * {@code <unset>} stands for no default; allowed values are {@code min..}, {@code min..max}, {@code one|another} or nothing.
 */
final class KafkaKeys {

    private static final String TABLE = "kafka-4.3.1.tsv";
    private static final String DOCUMENTATION = "Known from Apache Kafka; has no effect here.";
    private static final int COLUMNS = 6;

    private KafkaKeys() {}

    /** The keys of a resource by name: broker, topic, group or client-metrics. */
    static SortedMap<String, ConfigKey<?>> of(String resource) {
        return Objects.requireNonNull(Table.BY_RESOURCE.get(resource), resource);
    }

    private static SortedMap<String, SortedMap<String, ConfigKey<?>>> read() {
        var keys = new TreeMap<String, SortedMap<String, ConfigKey<?>>>();
        var stream = Objects.requireNonNull(KafkaKeys.class.getResourceAsStream(TABLE), TABLE);
        try (var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    var columns = Arrays.copyOf(line.split("\t", -1), COLUMNS);
                    var key = key(columns);
                    keys.computeIfAbsent(column(columns, 0), resource -> new TreeMap<>())
                            .put(key.name(), key);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return keys;
    }

    private static ConfigKey<?> key(@Nullable String[] columns) {
        var name = column(columns, 1);
        var type = ConfigType.valueOf(column(columns, 2));
        var defaultText = column(columns, 4);
        var key = ConfigKey.ofType(name, type, defaultText.equals("<unset>") ? null : defaultText);
        return change(bound(key, column(columns, 5)), column(columns, 3)).documented(DOCUMENTATION);
    }

    private static String column(@Nullable String[] columns, int index) {
        return Objects.requireNonNullElse(columns[index], "");
    }

    private static ConfigKey<?> bound(ConfigKey<?> key, String allowed) {
        var dots = allowed.indexOf("..");
        if (allowed.isEmpty()) {
            return key;
        }
        if (dots < 0) {
            return key.oneOf(allowed.split("\\|", -1));
        }
        var min = number(key, allowed.substring(0, dots));
        var max = allowed.substring(dots + 2);
        return max.isEmpty() ? key.atLeast(min) : key.between(min, number(key, max));
    }

    private static Number number(ConfigKey<?> key, String bound) {
        if (key.type() == ConfigType.DOUBLE) {
            return Double.valueOf(bound);
        }
        return Long.valueOf(bound);
    }

    private static ConfigKey<?> change(ConfigKey<?> key, String how) {
        return switch (how) {
            case "cluster-wide" -> key.changeable();
            case "per-broker" -> key.changeablePerBroker();
            case "internal" -> key.internal();
            default -> key;
        };
    }

    /** Read when a key is first asked for that nobody declares: most servers start without. */
    private static final class Table {
        private static final SortedMap<String, SortedMap<String, ConfigKey<?>>> BY_RESOURCE = read();
    }
}
