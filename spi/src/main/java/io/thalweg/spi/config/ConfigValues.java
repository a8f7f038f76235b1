package io.thalweg.spi.config;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** An immutable set of settings as text by name, read through their keys. */
public final class ConfigValues {

    private static final ConfigValues EMPTY = new ConfigValues(new TreeMap<>());

    private final Map<String, String> texts;

    private ConfigValues(Map<String, String> texts) {
        this.texts = Collections.unmodifiableMap(texts);
    }

    public static ConfigValues empty() {
        return EMPTY;
    }

    public static ConfigValues of(Map<String, String> texts) {
        return new ConfigValues(new TreeMap<>(texts));
    }

    /** The same with one more setting, which replaces an earlier one of that name. */
    public ConfigValues with(String name, String text) {
        var copy = new TreeMap<>(texts);
        copy.put(name, text);
        return new ConfigValues(copy);
    }

    /**
     * The value that was set, else the default.
     *
     * @throws ConfigException when the text is not a value of the key, or when nothing is set and there is no default
     */
    public <T> T value(ConfigKey<T> key) {
        return find(key)
                .orElseThrow(() -> new ConfigException("config " + key.name()
                        + " is not set and has no default: set it to a value of type " + key.type()));
    }

    /** The value that was set, else the default, else nothing. */
    public <T> Optional<T> find(ConfigKey<T> key) {
        var text = texts.get(key.name());
        return text == null ? Optional.ofNullable(key.defaultValue()) : Optional.of(key.parse(text));
    }

    public boolean isSet(ConfigKey<?> key) {
        return texts.containsKey(key.name());
    }

    /** Everything that was set, ordered by name. */
    public Map<String, String> asMap() {
        return texts;
    }
}
