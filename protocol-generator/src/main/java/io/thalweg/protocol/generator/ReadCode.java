package io.thalweg.protocol.generator;

import io.thalweg.protocol.generator.FieldType.ListType;
import io.thalweg.protocol.generator.FieldType.Scalar;
import io.thalweg.protocol.generator.FieldType.StructType;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the method that decodes one struct. */
final class ReadCode {

    private final StructCode code;
    private final JavaSource out;

    ReadCode(StructCode code, JavaSource out) {
        this.code = code;
        this.out = out;
    }

    void write() {
        out.line("/** Decodes one in this version from the reader's position. */");
        out.open("public static " + code.name() + " read(MessageReader in, short version)");
        RecordCode.requireVersion(code, out);
        code.declareFlexible(out);
        for (Field field : code.struct().plainFields()) {
            String value = value(field);
            if (!code.present(field).isEmpty()) {
                value = code.present(field) + " ? " + value + " : " + code.defaultValue(field);
            }
            out.line(field.type().javaName() + " " + code.local(field) + " = " + value + ";");
        }
        tags(code.struct().taggedFields());
        out.line("return new " + code.name() + "("
                + code.struct().fields().stream().map(code::local).collect(Collectors.joining(", ")) + ");");
        out.close();
    }

    private void tags(List<Field> fields) {
        for (Field field : fields) {
            out.line(field.type().javaName() + " " + code.local(field) + " = " + code.defaultValue(field) + ";");
        }
        if (code.flexible().equals("false")) {
            return;
        }
        if (code.flexible().equals("flexible")) {
            out.open("if (flexible)");
        }
        if (fields.isEmpty()) {
            out.line("in.skipTags(\"" + code.path() + "\");");
        } else {
            tagLoop(fields);
        }
        if (code.flexible().equals("flexible")) {
            out.close();
        }
    }

    private void tagLoop(List<Field> fields) {
        out.line("int tags = in.readTagCount(\"" + code.path() + "\");");
        out.open("for (int i = 0; i < tags; i++)");
        out.line("int tag = in.readTag(\"" + code.path() + "\");");
        out.line("int end = in.readTagEnd(\"" + code.path() + "\");");
        out.open("switch (tag)");
        for (Field field : fields) {
            tagCase(field);
        }
        out.line("default -> in.skipTo(end);");
        out.close();
        out.line("in.expectTagEnd(end, \"" + code.path() + "\");");
        out.close();
    }

    private void tagCase(Field field) {
        String assignment = code.local(field) + " = " + value(field) + ";";
        String label = "case " + field.tag().orElseThrow() + " -> ";
        String present = tagPresent(field);
        if (present.isEmpty()) {
            out.line(label + assignment);
            return;
        }
        out.open(label.strip());
        out.open("if (" + present + ")").line(assignment);
        out.orElse("").line("in.skipTo(end);").close();
        out.close();
    }

    /** Tagged fields are met in flexible versions only, so these need not be asked for again. */
    private String tagPresent(Field field) {
        Versions met = code.message().flexible().meet(code.struct().versions());
        return field.versions().covers(met) ? "" : code.present(field);
    }

    /** Reads the value, as an expression. */
    private String value(Field field) {
        if (field.type() instanceof StructType type) {
            return struct(field, type.name() + ".read(in, version)");
        }
        if (field.type() instanceof ListType list) {
            return list(field, list.element());
        }
        Scalar scalar = (Scalar) field.type();
        String literal = code.pathLiteral(field);
        return switch (scalar) {
            case STRING, BYTES, RECORDS ->
                nullableOrNot(
                        field,
                        "in.readNullable" + scalar.methodSuffix() + "(" + code.flexible(field) + ", " + literal + ")",
                        "in.read" + scalar.methodSuffix() + "(" + code.flexible(field) + ", " + literal + ")");
            case BOOL, INT8, INT16, UINT16, INT32, INT64, FLOAT64, UUID ->
                "in.read" + scalar.methodSuffix() + "(" + literal + ")";
        };
    }

    private String struct(Field field, String read) {
        if (!field.isNullable()) {
            return read;
        }
        String condition = code.nullable(field);
        String present = "in.readPresence(" + code.pathLiteral(field) + ")";
        return "(" + (condition.isEmpty() ? "" : "!(" + condition + ") || ") + present + " ? " + read + " : null)";
    }

    private String list(Field field, FieldType element) {
        String arguments = "(" + code.flexible(field) + ", " + MinimalSize.of(code.message(), element) + ", "
                + code.pathLiteral(field) + ")";
        String count = nullableOrNot(field, "in.readNullableCount" + arguments, "in.readCount" + arguments);
        if (element instanceof StructType type) {
            return type.name() + ".readList(in, version, " + count + ")";
        }
        if (element == Scalar.STRING) {
            return "in.readStringList(" + code.flexible(field) + ", " + count + ", " + code.pathLiteral(field) + ")";
        }
        return "in.read" + ((Scalar) element).methodSuffix() + "List(" + count + ")";
    }

    private String nullableOrNot(Field field, String nullable, String notNullable) {
        if (!field.isNullable()) {
            return notNullable;
        }
        String condition = code.nullable(field);
        return condition.isEmpty() ? nullable : "(" + condition + " ? " + nullable + " : " + notNullable + ")";
    }
}
