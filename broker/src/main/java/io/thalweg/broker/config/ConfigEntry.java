package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What DescribeConfigs says about one setting.
 *
 * @param key the setting
 * @param value its text; null when it is unset or a secret
 * @param isReadOnly whether it cannot change while brokers run
 * @param synonyms all places where a value is set, the one that counts first
 */
public record ConfigEntry(ConfigKey<?> key, @Nullable String value, boolean isReadOnly, List<ConfigSynonym> synonyms) {

    public ConfigEntry {
        synonyms = List.copyOf(synonyms);
    }

    public String name() {
        return key.name();
    }

    /** Where the value comes from. */
    public ConfigSource source() {
        return synonyms.isEmpty() ? ConfigSource.DEFAULT : synonyms.get(0).source();
    }

    public boolean isSensitive() {
        return key.isSensitive();
    }

    /** The number of its type on the wire. */
    public byte typeCode() {
        return (byte)
                switch (key.type()) {
                    case BOOLEAN -> 1;
                    case STRING -> 2;
                    case INT -> 3;
                    case SHORT -> 4;
                    case LONG -> 5;
                    case DOUBLE -> 6;
                    case LIST -> 7;
                    case CLASS -> 8;
                    case PASSWORD -> 9;
                };
    }

    public String documentation() {
        return key.documentation();
    }
}
