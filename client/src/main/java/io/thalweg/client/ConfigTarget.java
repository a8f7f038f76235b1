package io.thalweg.client;

import java.util.Locale;

/**
 * Whose settings are meant.
 *
 * @param name a topic's name, a broker's or a group's id; empty for all brokers
 */
public record ConfigTarget(Type type, String name) {

    /** What has settings, by the numbers of the protocol. */
    public enum Type {
        TOPIC(2),
        BROKER(4),
        GROUP(32);

        private final byte code;

        Type(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }
    }

    /** What all brokers have that have nothing else set. */
    public static final ConfigTarget ALL_BROKERS = new ConfigTarget(Type.BROKER, "");

    @Override
    public String toString() {
        return name.isEmpty() ? "all brokers" : type.name().toLowerCase(Locale.ROOT) + " " + name;
    }
}
