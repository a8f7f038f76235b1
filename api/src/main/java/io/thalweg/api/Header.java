package io.thalweg.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A name and a value that travel with a record. Immutable: arrays are copied on their way in and out. */
public final class Header {

    private final String name;
    private final byte @Nullable [] value;

    private Header(String name, byte @Nullable [] value) {
        this.name = Objects.requireNonNull(name, "name");
        this.value = value;
    }

    /** A header with these bytes, or none. */
    public static Header of(String name, byte @Nullable [] value) {
        return new Header(name, value == null ? null : value.clone());
    }

    /** A header with this text in UTF-8. */
    public static Header of(String name, String value) {
        return new Header(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** What it is found by; several headers of a record may share it. */
    public String name() {
        return name;
    }

    /** The bytes; null if it has none. */
    public byte @Nullable [] value() {
        return value == null ? null : value.clone();
    }

    /** The bytes as UTF-8; the empty text if it has none. */
    public String text() {
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Header that && name.equals(that.name) && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return name + "=" + text();
    }
}
