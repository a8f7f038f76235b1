package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a server listens.
 *
 * @param broker the listeners that clients and brokers use, in the order of {@code listeners}
 * @param controller the listeners that only the metadata quorum uses
 * @param interBrokerName the name of the one among {@code broker} over which brokers talk to each other; empty on a server that is
 *     no broker
 */
public record Listeners(List<ListenerConfig> broker, List<ListenerConfig> controller, String interBrokerName) {

    public Listeners {
        broker = List.copyOf(broker);
        controller = List.copyOf(controller);
    }

    /**
     * Reads the settings of {@link ListenerKeys}.
     *
     * @param hostName asked for what is advertised for a listener on every address of the machine, if there is one: it may take long
     * @throws ConfigException when they do not fit together or ask for what is not supported yet
     */
    public static Listeners of(ConfigValues values, Supplier<String> hostName) {
        return new ListenerParser(values, hostName).parse();
    }

    /** The listener over which brokers talk to each other; empty on a server that is no broker. */
    public Optional<ListenerConfig> interBroker() {
        return broker.stream()
                .filter(listener -> listener.name().equals(interBrokerName))
                .findFirst();
    }
}
