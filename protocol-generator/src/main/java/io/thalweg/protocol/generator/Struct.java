package io.thalweg.protocol.generator;

import java.util.List;
import java.util.OptionalInt;

/**
 * Fields in the order they are written.
 *
 * @param versions the versions that have the struct, within those of its message
 */
record Struct(String name, Versions versions, List<Field> fields) {

    Struct {
        fields = List.copyOf(fields);
    }

    /** The fields that are written one after the other. */
    List<Field> plainFields() {
        return fields.stream().filter(field -> field.tag().isEmpty()).toList();
    }

    /** The fields that are written with a tag, in the order of their tags. */
    List<Field> taggedFields() {
        return fields.stream()
                .filter(field -> field.tag().isPresent())
                .sorted((a, b) -> Integer.compare(tagOf(a), tagOf(b)))
                .toList();
    }

    private static int tagOf(Field field) {
        OptionalInt tag = field.tag();
        return tag.orElseThrow();
    }
}
