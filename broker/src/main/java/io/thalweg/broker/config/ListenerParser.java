package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.transport.Endpoint;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Puts the settings of {@link ListenerKeys} together; confined to one call of {@link Listeners#of}. */
final class ListenerParser {

    private final ConfigValues values;
    private final Supplier<String> hostName;
    private final SortedSet<String> controllerNames = new TreeSet<>();
    private final SortedMap<String, SecurityProtocol> protocols = new TreeMap<>();
    private final SortedMap<String, Endpoint> advertised = new TreeMap<>();

    ListenerParser(ConfigValues values, Supplier<String> hostName) {
        this.values = values;
        this.hostName = hostName;
    }

    Listeners parse() {
        values.value(ListenerKeys.CONTROLLER_LISTENER_NAMES)
                .forEach(name -> controllerNames.add(name.toUpperCase(Locale.ROOT)));
        readProtocols();
        var endpoints = NamedEndpoint.parseAll(ListenerKeys.LISTENERS, values.value(ListenerKeys.LISTENERS));
        refuseSharedPorts(endpoints);
        readAdvertised(endpoints);
        var all = endpoints.stream().map(this::listener).collect(Collectors.toUnmodifiableList());
        Predicate<ListenerConfig> isController = listener -> controllerNames.contains(listener.name());
        var broker = all.stream().filter(isController.negate()).collect(Collectors.toUnmodifiableList());
        var controller = all.stream().filter(isController).collect(Collectors.toUnmodifiableList());
        return new Listeners(broker, controller, interBrokerName(broker));
    }

    private void readProtocols() {
        var key = ListenerKeys.SECURITY_PROTOCOL_MAP;
        var text = values.value(key);
        for (var pair : text.split(",", -1)) {
            var colon = pair.indexOf(':');
            var protocol = pair.substring(colon + 1).strip();
            if (colon < 1 || !names().contains(protocol)) {
                throw new ConfigException(
                        key.name(), text, "NAME:PROTOCOL pairs where PROTOCOL is one of " + String.join(", ", names()));
            }
            protocols.put(
                    pair.substring(0, colon).strip().toUpperCase(Locale.ROOT), SecurityProtocol.valueOf(protocol));
        }
    }

    private static List<String> names() {
        return Arrays.stream(SecurityProtocol.values()).map(Enum::name).collect(Collectors.toUnmodifiableList());
    }

    private static void refuseSharedPorts(List<NamedEndpoint> endpoints) {
        var seen = new TreeMap<String, String>();
        for (var endpoint : endpoints) {
            var other = endpoint.endpoint().port() == 0
                    ? null
                    : seen.put(endpoint.endpoint().toString(), endpoint.name());
            if (other != null) {
                throw new ConfigException("listeners " + other + " and " + endpoint.name() + " both ask for "
                        + endpoint.endpoint() + ": expected an address for each");
            }
        }
    }

    private void readAdvertised(List<NamedEndpoint> endpoints) {
        var key = ListenerKeys.ADVERTISED_LISTENERS;
        for (var endpoint : NamedEndpoint.parseAll(key, values.find(key).orElse(List.of()))) {
            var known = endpoints.stream().anyMatch(listener -> listener.name().equals(endpoint.name()));
            if (!known || controllerNames.contains(endpoint.name())) {
                throw new ConfigException(
                        key.name(), endpoint.name() + "://" + endpoint.endpoint(), "the name of a broker listener");
            }
            if (endpoint.isWildcard()) {
                throw new ConfigException(
                        key.name(), endpoint.name() + "://" + endpoint.endpoint(), "a host that others can connect to");
            }
            advertised.put(endpoint.name(), endpoint.endpoint());
        }
    }

    private ListenerConfig listener(NamedEndpoint endpoint) {
        var name = endpoint.name();
        var protocol = protocols.get(name);
        if (protocol == null && controllerNames.contains(name)) {
            protocol = SecurityProtocol.PLAINTEXT;
        }
        if (protocol == null) {
            throw new ConfigException("listener " + name + " has no protocol: expected " + name + ":PROTOCOL in "
                    + ListenerKeys.SECURITY_PROTOCOL_MAP.name());
        }
        if (!protocol.isSupported()) {
            throw new ConfigException("listener " + name + " asks for " + protocol
                    + ", which is not supported yet: expected " + SecurityProtocol.PLAINTEXT);
        }
        return new ListenerConfig(name, protocol, endpoint.endpoint(), advertised(endpoint));
    }

    private Endpoint advertised(NamedEndpoint listener) {
        var own = listener.endpoint();
        var reachable = listener.isWildcard() ? new Endpoint(hostName.get(), own.port()) : own;
        if (values.isSet(ListenerKeys.ADVERTISED_LISTENERS)
                && !advertised.containsKey(listener.name())
                && !controllerNames.contains(listener.name())) {
            throw new ConfigException("listener " + listener.name() + " is not in "
                    + ListenerKeys.ADVERTISED_LISTENERS.name() + ": expected an address for each broker listener");
        }
        return advertised.getOrDefault(listener.name(), reachable);
    }

    private String interBrokerName(List<ListenerConfig> broker) {
        var byName = values.find(ListenerKeys.INTER_BROKER_LISTENER_NAME).map(name -> name.toUpperCase(Locale.ROOT));
        if (byName.isPresent() && values.isSet(ListenerKeys.SECURITY_INTER_BROKER_PROTOCOL)) {
            throw new ConfigException(ListenerKeys.INTER_BROKER_LISTENER_NAME.name() + " and "
                    + ListenerKeys.SECURITY_INTER_BROKER_PROTOCOL.name() + " are both set: expected only one of them");
        }
        if (!values.value(ServerKeys.PROCESS_ROLES).contains("broker")) {
            return "";
        }
        var protocol = values.value(ListenerKeys.SECURITY_INTER_BROKER_PROTOCOL);
        return broker.stream()
                .filter(listener -> byName.map(listener.name()::equals)
                        .orElseGet(() -> listener.protocol().name().equals(protocol)))
                .map(ListenerConfig::name)
                .findFirst()
                .orElseThrow(() -> new ConfigException("no broker listener for traffic between brokers: expected one "
                        + byName.map(name -> "named " + name).orElse("that speaks " + protocol)));
    }
}
