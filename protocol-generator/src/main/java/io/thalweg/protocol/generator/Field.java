package io.thalweg.protocol.generator;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * One field of a struct.
 *
 * @param versions the versions that have it, within those its struct has
 * @param nullable the versions in which it may be null, within {@code versions}
 * @param defaultLiteral the default as written in the schema, if it is written
 * @param tag the tag, if it is a tagged field
 * @param isIgnorable whether a version without it drops its value
 * @param isPlain whether its length has a fixed size even in flexible versions
 */
record Field(
        String name,
        FieldType type,
        Versions versions,
        Versions nullable,
        Optional<String> defaultLiteral,
        OptionalInt tag,
        boolean isIgnorable,
        boolean isPlain,
        int line) {

    boolean isNullable() {
        return !nullable.isEmpty();
    }

    boolean defaultsToNull() {
        return isNullable() && defaultLiteral.filter("null"::equals).isPresent();
    }
}
