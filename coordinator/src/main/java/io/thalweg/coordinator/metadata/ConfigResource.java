package io.thalweg.coordinator.metadata;

import java.util.Comparator;
import java.util.Optional;

/**
 * What a dynamic config belongs to.
 *
 * @param type the kind
 * @param name a topic's name, a broker's or a group's id, the name of a subscription to client metrics, or a {@link QuotaEntity}; empty
 *     for the default of all brokers
 */
public record ConfigResource(Type type, String name) implements Comparable<ConfigResource> {

    private static final Comparator<ConfigResource> ORDER =
            Comparator.comparing(ConfigResource::type).thenComparing(ConfigResource::name);

    /** The default of all brokers. */
    public static final ConfigResource BROKER_DEFAULT = new ConfigResource(Type.BROKER, "");

    public static ConfigResource ofTopic(String name) {
        return new ConfigResource(Type.TOPIC, name);
    }

    public static ConfigResource ofBroker(int id) {
        return new ConfigResource(Type.BROKER, Integer.toString(id));
    }

    public static ConfigResource ofGroup(String id) {
        return new ConfigResource(Type.GROUP, id);
    }

    public static ConfigResource ofClientMetrics(String subscription) {
        return new ConfigResource(Type.CLIENT_METRICS, subscription);
    }

    @Override
    public int compareTo(ConfigResource other) {
        return ORDER.compare(this, other);
    }

    /** The kinds of things that have configs, with Kafka's numbers. */
    public enum Type {
        TOPIC(2),
        BROKER(4),
        CLIENT_METRICS(16),
        GROUP(32),
        /** Kafka has no number for it: nobody asks for quotas as for configs. */
        QUOTA(-1);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        public byte code() {
            return code;
        }

        public static Optional<Type> fromCode(byte code) {
            for (var type : values()) {
                if (type.code == code) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }
    }
}
