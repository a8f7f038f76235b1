package io.thalweg.protocol.generator;

import io.thalweg.protocol.generator.FieldType.ListType;
import io.thalweg.protocol.generator.FieldType.Scalar;
import io.thalweg.protocol.generator.FieldType.StructType;
import java.util.Set;

/** The Java expressions about the fields of one struct that several methods of its record need. */
record StructCode(MessageSchema message, Struct struct) {

    /** Names that the generated methods use for themselves. */
    private static final Set<String> LOCAL_NAMES =
            Set.of("in", "out", "version", "flexible", "size", "tags", "tag", "end", "i");

    boolean isRoot() {
        return struct.equals(message.root());
    }

    String name() {
        return struct.name();
    }

    /** What errors call the struct: {@code FetchRequest.Topic}. */
    String path() {
        return isRoot() ? message.name() : message.name() + "." + struct.name();
    }

    /** What errors call the field, as a Java literal. */
    String pathLiteral(Field field) {
        return "\"" + path() + "." + field.name() + "\"";
    }

    String javaType(Field field) {
        return (field.isNullable() ? "@Nullable " : "") + field.type().javaName();
    }

    /** The component as the methods of the record refer to it. */
    String reference(Field field) {
        return LOCAL_NAMES.contains(field.name()) ? "this." + field.name() : field.name();
    }

    /** The local variable that takes the value while it is read. */
    String local(Field field) {
        return LOCAL_NAMES.contains(field.name()) ? field.name() + "Value" : field.name();
    }

    /** Whether lengths are variable, as an expression. */
    String flexible(Field field) {
        return field.isPlain() ? "false" : flexible();
    }

    /** Whether the version is flexible: a constant if all versions of the struct agree, else the local variable. */
    String flexible() {
        if (message.flexible().covers(struct.versions())) {
            return "true";
        }
        return message.flexible().meet(struct.versions()).isEmpty() ? "false" : "flexible";
    }

    /** Declares the local variable {@link #flexible} speaks of, if it does. */
    void declareFlexible(JavaSource out) {
        if (flexible().equals("flexible")) {
            out.line("boolean flexible = " + within(message.flexible(), struct.versions()) + ";");
        }
    }

    /** Whether the version has the field, as an expression; empty if all have it. */
    String present(Field field) {
        return within(field.versions(), struct.versions());
    }

    /** Whether the version lets the field be null, as an expression; empty if all that have it do. */
    String nullable(Field field) {
        return within(field.nullable(), field.versions());
    }

    String defaultValue(Field field) {
        if (field.defaultsToNull()) {
            return "null";
        }
        if (field.type() instanceof StructType type) {
            return type.name() + ".DEFAULT";
        }
        return field.type() instanceof Scalar scalar ? defaultValue(field, scalar) : "List.of()";
    }

    private static String defaultValue(Field field, Scalar scalar) {
        return switch (scalar) {
            case BOOL -> field.defaultLiteral().orElse("false");
            case INT8, INT16, UINT16, INT32 -> field.defaultLiteral().orElse("0");
            case INT64 -> field.defaultLiteral().orElse("0") + "L";
            case FLOAT64 -> field.defaultLiteral().orElse("0") + "d";
            case STRING -> "\"" + field.defaultLiteral().orElse("") + "\"";
            case UUID -> "Message.ZERO_UUID";
            case BYTES -> "Message.NO_BYTES";
            case RECORDS -> "BufferRecords.EMPTY";
        };
    }

    /** Whether the field holds something else than its default, as an expression. */
    String differsFromDefault(Field field) {
        String value = reference(field);
        if (field.defaultsToNull()) {
            return value + " != null";
        }
        if (field.type() instanceof Scalar scalar && !scalar.isReference()) {
            return scalar == Scalar.BOOL
                    ? (defaultValue(field).equals("true") ? "!" : "") + value
                    : value + " != " + defaultValue(field);
        }
        if (field.type() == Scalar.UUID) {
            return "!" + value + ".equals(Message.ZERO_UUID)";
        }
        if (field.type() instanceof ListType) {
            return (field.isNullable() ? value + " == null || " : "") + "!" + value + ".isEmpty()";
        }
        return "!" + defaultValue(field) + ".equals(" + value + ")";
    }

    private static String within(Versions inner, Versions outer) {
        String from = inner.lowest() > outer.lowest() ? "version >= " + inner.lowest() : "";
        String upTo = inner.highest() < outer.highest() ? "version <= " + inner.highest() : "";
        return from.isEmpty() || upTo.isEmpty() ? from + upTo : from + " && " + upTo;
    }
}
