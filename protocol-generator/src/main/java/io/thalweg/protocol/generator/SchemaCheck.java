package io.thalweg.protocol.generator;

import io.thalweg.protocol.generator.FieldType.ListType;
import io.thalweg.protocol.generator.FieldType.Scalar;
import io.thalweg.protocol.generator.FieldType.StructType;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a message must satisfy beyond its grammar, so that the Java made of it compiles and is decodable. */
final class SchemaCheck {

    private static final Set<String> TAKEN_STRUCT_NAMES = Set.of(
            "ApiKey",
            "ArrayList",
            "Builder",
            "ByteBuffer",
            "Collections",
            "List",
            "Message",
            "MessageReader",
            "MessageWriter",
            "Nullable",
            "Objects",
            "Records",
            "String",
            "UUID",
            "WireSize");
    private static final Set<String> TAKEN_FIELD_NAMES =
            Set.of("builder", "toBuilder", "sizeInBytes", "write", "read", "hashCode", "toString", "clone");
    private static final Pattern FIELD_NAME = Pattern.compile("[a-z][a-zA-Z0-9]*");
    private static final Pattern FLOAT = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Pattern INTEGER = Pattern.compile("-?\\d+");

    private final MessageSchema message;
    private final String file;
    private final int line;
    private final Set<String> structNames = new HashSet<>();
    private final Deque<String> openStructs = new ArrayDeque<>();

    SchemaCheck(MessageSchema message, String file, int line) {
        this.message = message;
        this.file = file;
        this.line = line;
    }

    void run() {
        structNames.add(message.name());
        for (Struct part : message.parts()) {
            require(!TAKEN_STRUCT_NAMES.contains(part.name()), line, "struct name " + part.name() + " is taken");
            require(structNames.add(part.name()), line, "struct " + part.name() + " has the name of its message");
        }
        check(message.root());
        message.parts().forEach(this::check);
        descend(message.root());
    }

    private void check(Struct struct) {
        Set<String> names = new HashSet<>();
        Set<Integer> tags = new HashSet<>();
        for (Field field : struct.fields()) {
            require(
                    FIELD_NAME.matcher(field.name()).matches() && !TAKEN_FIELD_NAMES.contains(field.name()),
                    field.line(),
                    "a field cannot be called " + field.name());
            require(names.add(field.name()), field.line(), "field " + field.name() + " is declared twice");
            field.tag().ifPresent(tag -> require(tags.add(tag), field.line(), "tag " + tag + " is used twice"));
            check(field);
        }
    }

    private void check(Field field) {
        require(
                field.tag().isEmpty() || message.flexible().covers(field.versions()),
                field.line(),
                "tagged field " + field.name() + " is in versions " + field.versions() + ", flexible are "
                        + message.flexible());
        require(
                !field.isNullable() || (field.type().isReference() && field.type() != Scalar.UUID),
                field.line(),
                field.type().javaName() + " cannot be null");
        require(
                field.isNullable()
                        || field.defaultLiteral().filter("null"::equals).isEmpty(),
                field.line(),
                "field " + field.name() + " cannot be null by default");
        if (field.type() instanceof ListType list && list.element() instanceof Scalar element) {
            require(element.mayBeListed(), field.line(), "lists of " + element.javaName() + " do not exist");
        }
        Optional<String> literal = field.defaultLiteral().filter(text -> !text.equals("null"));
        literal.ifPresent(text -> require(
                fits(text, field.type()),
                field.line(),
                "default " + text + " is no " + field.type().javaName()));
    }

    /** Every struct exists, none holds itself, and an element of a list takes at least one byte. */
    private void descend(Struct struct) {
        openStructs.push(struct.name());
        for (Field field : struct.fields()) {
            boolean isList = field.type() instanceof ListType;
            FieldType type = field.type() instanceof ListType list ? list.element() : field.type();
            if (type instanceof StructType named) {
                require(
                        structNames.contains(named.name()) && !named.name().equals(message.name()),
                        field.line(),
                        "there is no struct " + named.name());
                require(
                        !openStructs.contains(named.name()),
                        field.line(),
                        "struct " + named.name() + " would hold itself");
                descend(message.part(named.name()));
                require(
                        !isList || MinimalSize.of(message, named.name()) > 0,
                        field.line(),
                        "an element of " + field.name() + " may take no bytes");
            }
        }
        openStructs.pop();
    }

    private static boolean fits(String literal, FieldType type) {
        if (!(type instanceof Scalar scalar)) {
            return false;
        }
        return switch (scalar) {
            case BOOL -> literal.equals("true") || literal.equals("false");
            case INT8 -> isWithin(literal, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case INT16 -> isWithin(literal, Short.MIN_VALUE, Short.MAX_VALUE);
            case UINT16 -> isWithin(literal, 0, 0xffff);
            case INT32 -> isWithin(literal, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> isWithin(literal, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT64 -> FLOAT.matcher(literal).matches();
            case STRING -> !literal.contains("\\");
            case UUID, BYTES, RECORDS -> false;
        };
    }

    private static boolean isWithin(String literal, long lowest, long highest) {
        if (!INTEGER.matcher(literal).matches()) {
            return false;
        }
        BigInteger value = new BigInteger(literal);
        return value.compareTo(BigInteger.valueOf(lowest)) >= 0 && value.compareTo(BigInteger.valueOf(highest)) <= 0;
    }

    private void require(boolean condition, int atLine, String message) {
        if (!condition) {
            throw new SchemaException(file, atLine, message);
        }
    }
}
