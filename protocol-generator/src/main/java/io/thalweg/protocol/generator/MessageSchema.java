package io.thalweg.protocol.generator;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One message: what becomes one Java file.
 *
 * @param api the API it belongs to, if it is a request or response
 * @param key the key of a record, if it has one
 * @param description what its file says it is about
 * @param root its fields
 * @param parts the structs in it, in the order of the file
 */
record MessageSchema(
        Kind kind,
        String name,
        Optional<Api> api,
        OptionalInt key,
        Versions versions,
        Versions flexible,
        String description,
        Struct root,
        List<Struct> parts) {

    enum Kind {
        REQUEST,
        RESPONSE,
        HEADER,
        RECORD
    }

    MessageSchema {
        parts = List.copyOf(parts);
    }

    Struct part(String structName) {
        return parts.stream()
                .filter(part -> part.name().equals(structName))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " has no struct " + structName));
    }
}
