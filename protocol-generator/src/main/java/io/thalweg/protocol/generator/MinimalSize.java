package io.thalweg.protocol.generator;

import io.thalweg.protocol.generator.FieldType.ListType;
import io.thalweg.protocol.generator.FieldType.Scalar;
import io.thalweg.protocol.generator.FieldType.StructType;

/** The fewest bytes a value can take on the wire, in whatever version: what bounds the count of a list. */
final class MinimalSize {

    private MinimalSize() {}

    /** The fewest bytes of an element of a list of this message. */
    static int of(MessageSchema message, FieldType element) {
        return element instanceof StructType struct ? of(message, struct.name()) : ofScalar((Scalar) element);
    }

    /** The fewest bytes of a struct of this message. */
    static int of(MessageSchema message, String structName) {
        Struct struct = message.part(structName);
        int fewest = Integer.MAX_VALUE;
        for (int version = struct.versions().lowest();
                version <= struct.versions().highest();
                version++) {
            fewest = Math.min(fewest, inVersion(message, struct, version));
        }
        return fewest;
    }

    private static int inVersion(MessageSchema message, Struct struct, int version) {
        int size = message.flexible().contains(version) ? 1 : 0;
        for (Field field : struct.plainFields()) {
            if (field.versions().contains(version)) {
                size += ofField(message, field, version);
            }
        }
        return size;
    }

    private static int ofField(MessageSchema message, Field field, int version) {
        if (field.type() instanceof StructType type) {
            return field.nullable().contains(version) ? 1 : inVersion(message, message.part(type.name()), version);
        }
        return field.type() instanceof ListType ? 1 : ofScalar((Scalar) field.type());
    }

    /** A length takes at least one byte. */
    private static int ofScalar(Scalar scalar) {
        return Math.max(1, scalar.bytes());
    }
}
