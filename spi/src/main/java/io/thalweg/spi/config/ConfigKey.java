package io.thalweg.spi.config;

import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One setting: its name, type, default, allowed values and documentation. Immutable; the {@code with}-style methods give a copy.
 *
 * @param <T> the Java type of the value: Boolean, String, Short, Integer, Long, Double or {@code List<String>}
 */
public final class ConfigKey<T> {

    private final String name;
    private final ConfigType type;
    private final @Nullable T defaultValue;
    private final Rule<T> rule;
    private final String documentation;
    private final Use use;

    private ConfigKey(
            String name, ConfigType type, @Nullable T defaultValue, Rule<T> rule, String documentation, Use use) {
        this.name = name;
        this.type = type;
        this.defaultValue = defaultValue;
        this.rule = rule;
        this.documentation = documentation;
        this.use = use;
    }

    /** A key with no bounds yet; a null default means unset. */
    private static <T> ConfigKey<T> of(String name, ConfigType type, @Nullable T defaultValue) {
        return new ConfigKey<>(
                Objects.requireNonNull(name, "name"),
                type,
                defaultValue,
                new Rule<>(value -> true, ""),
                "",
                new Use(ConfigUpdate.AT_START, false));
    }

    public static ConfigKey<Boolean> ofBoolean(String name, @Nullable Boolean defaultValue) {
        return of(name, ConfigType.BOOLEAN, defaultValue);
    }

    public static ConfigKey<String> ofString(String name, @Nullable String defaultValue) {
        return of(name, ConfigType.STRING, defaultValue);
    }

    public static ConfigKey<Short> ofShort(String name, @Nullable Short defaultValue) {
        return of(name, ConfigType.SHORT, defaultValue);
    }

    public static ConfigKey<Integer> ofInt(String name, @Nullable Integer defaultValue) {
        return of(name, ConfigType.INT, defaultValue);
    }

    public static ConfigKey<Long> ofLong(String name, @Nullable Long defaultValue) {
        return of(name, ConfigType.LONG, defaultValue);
    }

    public static ConfigKey<Double> ofDouble(String name, @Nullable Double defaultValue) {
        return of(name, ConfigType.DOUBLE, defaultValue);
    }

    public static ConfigKey<List<String>> ofList(String name, @Nullable List<String> defaultValue) {
        return of(name, ConfigType.LIST, defaultValue);
    }

    public static ConfigKey<String> ofClass(String name, @Nullable String defaultValue) {
        return of(name, ConfigType.CLASS, defaultValue);
    }

    public static ConfigKey<String> ofPassword(String name) {
        return of(name, ConfigType.PASSWORD, null);
    }

    /** A key whose type is known only while the program runs; a null default means unset. */
    public static ConfigKey<?> ofType(String name, ConfigType type, @Nullable String defaultText) {
        return of(name, type, defaultText == null ? null : type.read(defaultText));
    }

    /** Numbers from {@code min} to {@code max}, both included. */
    public ConfigKey<T> between(Number min, Number max) {
        return allowing(
                value -> compare((Number) value, min) >= 0 && compare((Number) value, max) <= 0,
                "a number from " + min + " to " + max);
    }

    /** Numbers not below {@code min}. */
    public ConfigKey<T> atLeast(Number min) {
        return allowing(value -> compare((Number) value, min) >= 0, "a number not below " + min);
    }

    /** One of these texts, or for a list, elements out of them. */
    public ConfigKey<T> oneOf(String... values) {
        var known = List.of(values);
        return allowing(
                value -> value instanceof List<?> list ? known.containsAll(list) : known.contains(value.toString()),
                "one of " + String.join(", ", known));
    }

    /** Values that the predicate accepts; the text completes "expected …". */
    public ConfigKey<T> allowing(Predicate<T> predicate, String text) {
        return new ConfigKey<>(name, type, defaultValue, new Rule<>(predicate, text), documentation, use);
    }

    /** The same setting under another name: its type, default and allowed values are shared. */
    public ConfigKey<T> named(String other) {
        return new ConfigKey<>(other, type, defaultValue, rule, documentation, use);
    }

    /** Says what the setting does: whole sentences, with the unit. */
    public ConfigKey<T> documented(String text) {
        return new ConfigKey<>(name, type, defaultValue, rule, text, use);
    }

    /** May be changed while brokers run, for one of them or for all at once. */
    public ConfigKey<T> changeable() {
        return used(new Use(ConfigUpdate.CLUSTER_WIDE, use.isInternal()));
    }

    /** May be changed while the broker runs, for each broker by itself. */
    public ConfigKey<T> changeablePerBroker() {
        return used(new Use(ConfigUpdate.PER_BROKER, use.isInternal()));
    }

    /** Works, but is neither described to clients nor documented: for tests and for experts. */
    public ConfigKey<T> internal() {
        return used(new Use(use.update(), true));
    }

    private ConfigKey<T> used(Use other) {
        return new ConfigKey<>(name, type, defaultValue, rule, documentation, other);
    }

    public String name() {
        return name;
    }

    public ConfigType type() {
        return type;
    }

    /** The value when nothing is set; null means unset. */
    public @Nullable T defaultValue() {
        return defaultValue;
    }

    /** The default as it would be written in a file, or null when there is none. */
    public @Nullable String defaultText() {
        return defaultValue == null ? null : type.write(defaultValue);
    }

    public String documentation() {
        return documentation;
    }

    /** How it may be changed while brokers run. */
    public ConfigUpdate update() {
        return use.update();
    }

    public boolean isDynamic() {
        return use.update() != ConfigUpdate.AT_START;
    }

    /** Whether it is left out of descriptions and documentation. */
    public boolean isInternal() {
        return use.isInternal();
    }

    public boolean isSensitive() {
        return type == ConfigType.PASSWORD;
    }

    /** What {@link #parse} accepts, to complete "expected …"; empty when everything of the type is allowed. */
    public String allowedText() {
        return rule.text();
    }

    /**
     * Reads a value.
     *
     * @throws ConfigException when the text is not of the type or not allowed; its message names key, value and what was expected
     */
    @SuppressWarnings("unchecked") // the factories pair each type with its Java type
    public T parse(String text) {
        T value;
        try {
            value = (T) type.read(type == ConfigType.STRING ? text : text.strip());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, shown(text), "a value of type " + type);
        }
        if (!rule.allowed().test(value)) {
            throw new ConfigException(name, shown(text), rule.text());
        }
        return value;
    }

    /** Writes a value as {@link #parse} reads it. */
    public String format(T value) {
        return type.write(value);
    }

    private String shown(String text) {
        return isSensitive() ? "[hidden]" : text;
    }

    private static int compare(Number left, Number right) {
        return left instanceof Double || right instanceof Double
                ? Double.compare(left.doubleValue(), right.doubleValue())
                : Long.compare(left.longValue(), right.longValue());
    }

    @Override
    public String toString() {
        return name;
    }

    private record Rule<T>(Predicate<T> allowed, String text) {}

    private record Use(ConfigUpdate update, boolean isInternal) {}
}
