package io.thalweg.spi.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a setting's text becomes a value and back; the same nine kinds that Kafka's clients know. */
public enum ConfigType {
    BOOLEAN {
        @Override
        Object read(String text) {
            if (text.equalsIgnoreCase("true")) {
                return true;
            }
            if (text.equalsIgnoreCase("false")) {
                return false;
            }
            throw new IllegalArgumentException("expected true or false");
        }
    },
    STRING {
        @Override
        Object read(String text) {
            return text;
        }
    },
    SHORT {
        @Override
        Object read(String text) {
            return Short.valueOf(text);
        }
    },
    INT {
        @Override
        Object read(String text) {
            return Integer.valueOf(text);
        }
    },
    LONG {
        @Override
        Object read(String text) {
            return Long.valueOf(text);
        }
    },
    DOUBLE {
        @Override
        Object read(String text) {
            return Double.valueOf(text);
        }
    },
    /** Comma-separated; blanks around an element are dropped, an empty text is an empty list. */
    LIST {
        @Override
        Object read(String text) {
            return Stream.of(text.split(",", -1))
                    .map(String::strip)
                    .filter(element -> !element.isEmpty())
                    .collect(Collectors.toUnmodifiableList());
        }

        @Override
        String write(Object value) {
            return ((List<?>) value).stream().map(Object::toString).collect(Collectors.joining(","));
        }
    },
    CLASS {
        @Override
        Object read(String text) {
            return text;
        }
    },
    /** A secret: never printed, never described. */
    PASSWORD {
        @Override
        Object read(String text) {
            return text;
        }
    };

    abstract Object read(String text);

    String write(Object value) {
        return value.toString();
    }
}
