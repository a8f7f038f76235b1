package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.transport.Endpoint;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One element of {@code listeners} or {@code advertised.listeners}: {@code NAME://host:port}.
 *
 * @param name in upper case
 * @param endpoint its host may be empty
 */
record NamedEndpoint(String name, Endpoint endpoint) {

    private static final Pattern FORM = Pattern.compile("([\\w.-]+)://(.*)");

    /** Reads all elements of a list; no name may come twice. */
    static List<NamedEndpoint> parseAll(ConfigKey<List<String>> key, List<String> texts) {
        var endpoints = texts.stream().map(text -> parse(key, text)).collect(Collectors.toUnmodifiableList());
        var names = new TreeSet<String>();
        for (var endpoint : endpoints) {
            if (!names.add(endpoint.name())) {
                throw new ConfigException(
                        key.name(), String.join(",", texts), "the name " + endpoint.name() + " only once");
            }
        }
        return endpoints;
    }

    private static NamedEndpoint parse(ConfigKey<List<String>> key, String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new ConfigException(key.name(), text, "NAME://host:port");
        }
        try {
            return new NamedEndpoint(form.group(1).toUpperCase(Locale.ROOT), Endpoint.parse(form.group(2)));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(key.name(), text, "NAME://host:port with a port from 0 to 65535");
        }
    }

    /** Whether it stands for every address of a machine, so that nobody can connect to it as it is. */
    boolean isWildcard() {
        return List.of("", "0.0.0.0", "::", "0:0:0:0:0:0:0:0").contains(endpoint.host());
    }
}
