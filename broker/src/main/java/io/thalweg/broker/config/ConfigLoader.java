package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects a server's settings from files and the command line, the last one of a name counting, and checks them all before it
 * complains. Confined to the caller.
 */
public final class ConfigLoader {

    private final ConfigCatalog catalog;
    private final Map<String, Placed> settings = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /** A loader that knows the settings of this catalog. */
    public ConfigLoader(ConfigCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Adds the settings of a properties file.
     *
     * @param fileName how messages name it
     */
    public ConfigLoader file(String fileName, String text) {
        PropertiesText.read(
                text,
                entry -> settings.put(entry.name(), new Placed(fileName + " line " + entry.line(), entry.value())),
                line -> problems.add(fileName + " line " + line + ": expected name=value and \\u before four digits"));
        return this;
    }

    /** Adds one setting written as {@code name=value}. */
    public ConfigLoader set(String assignment) {
        var equals = assignment.indexOf('=');
        if (equals < 1) {
            problems.add("--set " + assignment + ": expected name=value");
            return this;
        }
        var name = assignment.substring(0, equals).strip();
        settings.put(name, new Placed("--set " + name, assignment.substring(equals + 1)));
        return this;
    }

    /**
     * What was collected.
     *
     * @throws ConfigException when anything of it cannot be used; its message lists every problem with its place
     */
    public LoadedConfig load() {
        var withoutEffect = new ArrayList<String>();
        var texts = new TreeMap<String, String>();
        settings.forEach((name, placed) -> {
            texts.put(name, placed.text());
            check(name, placed, withoutEffect);
        });
        var values = ConfigValues.of(texts);
        if (problems.isEmpty()) {
            problems.addAll(BrokerRules.problems(values));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(message());
        }
        return new LoadedConfig(values, withoutEffect);
    }

    private void check(String name, Placed placed, List<String> withoutEffect) {
        try {
            catalog.key(name).parse(placed.text());
            if (!catalog.hasEffect(name)) {
                withoutEffect.add(placed.place() + ": config " + name + " has no effect");
            }
        } catch (ConfigException e) {
            problems.add(placed.place() + ": " + e.getMessage());
        }
    }

    private String message() {
        return problems.size() == 1
                ? problems.get(0)
                : problems.size() + " settings cannot be used:\n  " + String.join("\n  ", problems);
    }

    /** A text and where it was written. */
    private record Placed(String place, String text) {}
}
