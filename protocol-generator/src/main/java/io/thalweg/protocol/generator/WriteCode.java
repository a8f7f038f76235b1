package io.thalweg.protocol.generator;

import io.thalweg.protocol.generator.FieldType.ListType;
import io.thalweg.protocol.generator.FieldType.Scalar;
import io.thalweg.protocol.generator.FieldType.StructType;
import java.util.List;

/** Writes the method that encodes one struct. */
final class WriteCode {

    private final StructCode code;
    private final JavaSource out;

    WriteCode(StructCode code, JavaSource out) {
        this.code = code;
        this.out = out;
    }

    void write() {
        out.line(code.isRoot() ? "@Override" : "/** Encodes it in this version at the writer's position. */");
        out.open("public void write(MessageWriter out, short version)");
        RecordCode.requireVersion(code, out);
        code.declareFlexible(out);
        code.struct().plainFields().forEach(this::plainField);
        tags(code.struct().taggedFields());
        out.close();
    }

    private void plainField(Field field) {
        String present = code.present(field);
        if (present.isEmpty()) {
            value(field);
            return;
        }
        out.open("if (" + present + ")");
        value(field);
        if (!field.isIgnorable()) {
            out.orElse("if (" + code.differsFromDefault(field) + ")");
            refuse("notInVersion", field);
        }
        out.close();
    }

    private void tags(List<Field> fields) {
        if (code.flexible().equals("false")) {
            return;
        }
        if (code.flexible().equals("flexible")) {
            out.open("if (flexible)");
        }
        out.line("out.writeUnsignedVarint(" + (fields.isEmpty() ? "0" : "tagCount(version)") + ");");
        fields.forEach(this::taggedField);
        if (code.flexible().equals("flexible")) {
            out.close();
        }
        fields.stream().filter(this::mayBeMissing).forEach(this::refuseMissing);
    }

    private void taggedField(Field field) {
        out.open("if (" + SizeCode.tagCondition(code, field) + ")");
        out.line("out.writeTag(" + field.tag().orElseThrow() + ", " + SizeCode.expression(code, field) + ");");
        value(field);
        out.close();
    }

    private boolean mayBeMissing(Field field) {
        return !field.isIgnorable() && !code.present(field).isEmpty();
    }

    private void refuseMissing(Field field) {
        String differs = code.differsFromDefault(field);
        out.open("if (!(" + code.present(field) + ") && " + (differs.contains("||") ? "(" + differs + ")" : differs)
                + ")");
        refuse("notInVersion", field);
        out.close();
    }

    private void refuse(String reason, Field field) {
        out.line("throw MessageWriter." + reason + "(" + code.pathLiteral(field) + ", version);");
    }

    /** Writes the value, whatever version it is. */
    private void value(Field field) {
        String value = code.reference(field);
        if (field.isNullable() && !code.nullable(field).isEmpty()) {
            out.open("if (" + value + " == null && !(" + code.nullable(field) + "))");
            refuse("nullInVersion", field);
            out.close();
        }
        if (field.type() instanceof StructType) {
            struct(field, value);
        } else if (field.type() instanceof ListType list && list.element() instanceof StructType type) {
            out.line(type.name() + ".writeList(out, " + code.flexible(field) + ", " + value + ", version);");
        } else if (field.type() instanceof ListType list) {
            String suffix = ((Scalar) list.element()).methodSuffix();
            out.line("out.write" + suffix + "List(" + code.flexible(field) + ", " + value + ");");
        } else {
            scalar(field, (Scalar) field.type(), value);
        }
    }

    private void struct(Field field, String value) {
        if (!field.isNullable()) {
            out.line(value + ".write(out, version);");
            return;
        }
        String condition = code.nullable(field);
        if (condition.isEmpty()) {
            out.line("out.writePresence(" + value + ");");
        } else {
            out.open("if (" + condition + ")")
                    .line("out.writePresence(" + value + ");")
                    .close();
        }
        out.open("if (" + value + " != null)")
                .line(value + ".write(out, version);")
                .close();
    }

    private void scalar(Field field, Scalar scalar, String value) {
        switch (scalar) {
            case STRING, BYTES, RECORDS ->
                out.line("out.write" + scalar.methodSuffix() + "(" + code.flexible(field) + ", " + value + ");");
            case BOOL, INT8, INT16, UINT16, INT32, INT64, FLOAT64, UUID ->
                out.line("out.write" + scalar.methodSuffix() + "(" + value + ");");
        }
    }
}
