package io.thalweg.spi.config;

/** A setting that cannot be used; the message says which, its value and what was expected. */
public final class ConfigException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** Refuses the value of a known key. */
    public ConfigException(String name, String value, String expected) {
        super("config " + name + "=" + value + " refused: expected " + expected);
    }

    /** Refuses for another reason. */
    public ConfigException(String message) {
        super(message);
    }
}
