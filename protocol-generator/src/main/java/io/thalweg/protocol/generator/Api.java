package io.thalweg.protocol.generator;

import java.util.Locale;

/**
 * A request and its response.
 *
 * @param flexible the versions with variable-length numbers and tagged fields; a range at the end, or none
 * @param unstable the versions that are not offered yet; a range at the end, or none
 * @param isInternal whether it is never offered to clients
 */
record Api(String name, int key, Versions versions, Versions flexible, Versions unstable, boolean isInternal) {

    /** {@code ListOffsets} becomes {@code LIST_OFFSETS}. */
    String constantName() {
        return name.replaceAll("(?<!^)([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    }
}
