package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;

/** Settings that say where a server listens and under which address others reach it; {@link Listeners} reads them together. */
public final class ListenerKeys {

    public static final ConfigKey<List<String>> LISTENERS = ConfigKey.ofList(
                    "listeners", List.of("PLAINTEXT://127.0.0.1:9092"))
            .allowing(list -> !list.isEmpty(), "at least one NAME://host:port")
            .documented("Where the server listens, each as NAME://host:port. An empty host listens on every address of"
                    + " the machine, port 0 on a free port. The default is reached from this machine only.");

    public static final ConfigKey<List<String>> ADVERTISED_LISTENERS = ConfigKey.ofList("advertised.listeners", null)
            .documented("The addresses that clients and other brokers are told to connect to, each as NAME://host:port."
                    + " Unset means those of listeners.");

    public static final ConfigKey<String> SECURITY_PROTOCOL_MAP = ConfigKey.ofString(
                    "listener.security.protocol.map",
                    "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL")
            .documented(
                    "Which protocol each listener name speaks, as NAME:PROTOCOL pairs. PLAINTEXT is the only protocol"
                            + " so far. A controller listener that is not in the map speaks PLAINTEXT.");

    public static final ConfigKey<String> INTER_BROKER_LISTENER_NAME = ConfigKey.ofString(
                    "inter.broker.listener.name", null)
            .documented("The listener over which brokers talk to each other. Unset means the first one that speaks"
                    + " security.inter.broker.protocol.");

    public static final ConfigKey<String> SECURITY_INTER_BROKER_PROTOCOL = ConfigKey.ofString(
                    "security.inter.broker.protocol", "PLAINTEXT")
            .oneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
            .documented("The protocol between brokers when inter.broker.listener.name is not set.");

    public static final ConfigKey<List<String>> CONTROLLER_LISTENER_NAMES = ConfigKey.ofList(
                    "controller.listener.names", List.of("CONTROLLER"))
            .documented("The names of the listeners that only the metadata quorum uses; clients are never told of them."
                    + " A server that is a cluster by itself needs no such listener.");

    private ListenerKeys() {}

    static List<ConfigKey<?>> all() {
        return List.of(
                LISTENERS,
                ADVERTISED_LISTENERS,
                SECURITY_PROTOCOL_MAP,
                INTER_BROKER_LISTENER_NAME,
                SECURITY_INTER_BROKER_PROTOCOL,
                CONTROLLER_LISTENER_NAMES);
    }
}
