package io.thalweg.protocol.generator;

import io.thalweg.protocol.generator.FieldType.ListType;
import io.thalweg.protocol.generator.FieldType.Scalar;
import io.thalweg.protocol.generator.FieldType.StructType;
import java.util.List;

/** Writes the methods that tell how many bytes one struct takes. */
final class SizeCode {

    private final StructCode code;
    private final JavaSource out;

    SizeCode(StructCode code, JavaSource out) {
        this.code = code;
        this.out = out;
    }

    void write() {
        out.line(code.isRoot() ? "@Override" : "/** How many bytes it takes in this version, record sets included. */");
        out.open("public int sizeInBytes(short version)");
        RecordCode.requireVersion(code, out);
        code.declareFlexible(out);
        out.line("int size = " + fixedSize() + ";");
        for (Field field : code.struct().plainFields()) {
            if (!isFixed(field)) {
                add(code.present(field), expression(code, field));
            }
        }
        tags(code.struct().taggedFields());
        out.line("return size;");
        out.close();
        if (!code.struct().taggedFields().isEmpty()) {
            out.line("");
            tagCount(code.struct().taggedFields());
        }
    }

    /** The size of what all versions have and what always takes the same room. */
    private int fixedSize() {
        int size =
                code.flexible().equals("true") && code.struct().taggedFields().isEmpty() ? 1 : 0;
        for (Field field : code.struct().plainFields()) {
            size += isFixed(field) ? ((Scalar) field.type()).bytes() : 0;
        }
        return size;
    }

    private boolean isFixed(Field field) {
        return field.type() instanceof Scalar scalar
                && scalar.bytes() > 0
                && code.present(field).isEmpty();
    }

    private void tags(List<Field> fields) {
        boolean depends = code.flexible().equals("flexible");
        if (fields.isEmpty()) {
            if (depends) {
                add("flexible", "1");
            }
            return;
        }
        if (depends) {
            out.open("if (flexible)");
        }
        out.line("size += WireSize.ofUnsignedVarint(tagCount(version));");
        for (Field field : fields) {
            add(
                    tagCondition(code, field),
                    "WireSize.ofTaggedField(" + field.tag().orElseThrow() + ", " + expression(code, field) + ")");
        }
        if (depends) {
            out.close();
        }
    }

    private void tagCount(List<Field> fields) {
        out.open("private int tagCount(short version)");
        out.line("int tags = 0;");
        for (Field field : fields) {
            out.open("if (" + tagCondition(code, field) + ")").line("tags++;").close();
        }
        out.line("return tags;");
        out.close();
    }

    private void add(String condition, String expression) {
        if (condition.isEmpty()) {
            out.line("size += " + expression + ";");
        } else {
            out.open("if (" + condition + ")")
                    .line("size += " + expression + ";")
                    .close();
        }
    }

    /** Whether a tagged field is written, as an expression. */
    static String tagCondition(StructCode code, Field field) {
        String present = code.present(field);
        String differs = code.differsFromDefault(field);
        if (present.isEmpty()) {
            return differs;
        }
        return present + " && " + (differs.contains("||") ? "(" + differs + ")" : differs);
    }

    /** How many bytes the value takes, as an expression. */
    static String expression(StructCode code, Field field) {
        String value = code.reference(field);
        if (field.type() instanceof StructType) {
            String size = value + ".sizeInBytes(version)";
            if (!field.isNullable()) {
                return size;
            }
            String condition = code.nullable(field);
            return (condition.isEmpty() ? "1" : "(" + condition + " ? 1 : 0)") + " + (" + value + " == null ? 0 : "
                    + size + ")";
        }
        String arguments = "(" + code.flexible(field) + ", " + value;
        if (field.type() instanceof ListType list) {
            if (list.element() instanceof StructType type) {
                return type.name() + ".sizeOfList" + arguments + ", version)";
            }
            Scalar element = (Scalar) list.element();
            return element == Scalar.STRING
                    ? "WireSize.ofStringList" + arguments + ")"
                    : "WireSize.ofList" + arguments + ", " + element.bytes() + ")";
        }
        Scalar scalar = (Scalar) field.type();
        return scalar.bytes() > 0
                ? String.valueOf(scalar.bytes())
                : "WireSize.of" + scalar.methodSuffix() + arguments + ")";
    }
}
