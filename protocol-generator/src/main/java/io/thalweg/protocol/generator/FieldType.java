package io.thalweg.protocol.generator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a field holds. */
sealed interface FieldType {

    /** A value that is not made of other fields. */
    enum Scalar implements FieldType {
        BOOL("boolean", "Boolean", 1),
        INT8("byte", "Byte", 1),
        INT16("short", "Short", 2),
        UINT16("int", "Integer", 2),
        INT32("int", "Integer", 4),
        INT64("long", "Long", 8),
        FLOAT64("double", "Double", 8),
        UUID("UUID", "UUID", 16),
        STRING("String", "String", 0),
        BYTES("ByteBuffer", "ByteBuffer", 0),
        RECORDS("Records", "Records", 0);

        private final String javaName;
        private final String boxedName;
        private final int bytes;

        Scalar(String javaName, String boxedName, int bytes) {
            this.javaName = javaName;
            this.boxedName = boxedName;
            this.bytes = bytes;
        }

        static Optional<Scalar> named(String name) {
            return Arrays.stream(values())
                    .filter(scalar -> scalar.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst();
        }

        /** How many bytes each value takes, or 0 if that depends on the value. */
        int bytes() {
            return bytes;
        }

        /** How the runtime's read and write methods call it: {@code Int32}. */
        String methodSuffix() {
            return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
        }

        String boxedName() {
            return boxedName;
        }

        @Override
        public String javaName() {
            return javaName;
        }

        @Override
        public boolean isReference() {
            return this == STRING || this == BYTES || this == RECORDS || this == UUID;
        }

        boolean mayBeListed() {
            return switch (this) {
                case INT8, INT16, INT32, INT64, UUID, STRING -> true;
                case BOOL, UINT16, FLOAT64, BYTES, RECORDS -> false;
            };
        }
    }

    /** A struct of the same message. */
    record StructType(String name) implements FieldType {

        @Override
        public String javaName() {
            return name;
        }

        @Override
        public boolean isReference() {
            return true;
        }
    }

    /** Any number of elements; the element is not a list itself. */
    record ListType(FieldType element) implements FieldType {

        @Override
        public String javaName() {
            return "List<" + (element instanceof Scalar scalar ? scalar.boxedName() : element.javaName()) + ">";
        }

        @Override
        public boolean isReference() {
            return true;
        }
    }

    /** The type in Java, not nullable. */
    String javaName();

    /** Whether the type in Java could be null. */
    boolean isReference();
}
