package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;

/**
 * A setting of a broker that stands in for another.
 *
 * @param name its name
 * @param unit what its value counts
 */
record Synonym(String name, Unit unit) {

    static Synonym of(String name) {
        return new Synonym(name, Unit.SAME);
    }

    static Synonym of(ConfigKey<?> key, Unit unit) {
        return new Synonym(key.name(), unit);
    }

    /** Turns its text into the text of what it stands in for. */
    String convert(String text) {
        if (unit == Unit.SAME) {
            return text;
        }
        var count = Long.parseLong(text.strip());
        return Long.toString(count < 0 ? -1 : count * unit.millis);
    }

    /** The unit of a value. */
    enum Unit {
        /** The same as that of the setting it stands in for. */
        SAME(0),
        /** Milliseconds, any number below 0 meaning no limit. */
        MILLIS(1),
        MINUTES(60_000),
        HOURS(3_600_000);

        private final long millis;

        Unit(long millis) {
            this.millis = millis;
        }
    }
}
