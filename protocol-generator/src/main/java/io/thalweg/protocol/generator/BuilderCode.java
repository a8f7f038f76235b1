package io.thalweg.protocol.generator;

import java.util.stream.Collectors;

/** Writes the builder of one struct and the methods that give one. */
final class BuilderCode {

    private final StructCode code;
    private final JavaSource out;

    BuilderCode(StructCode code, JavaSource out) {
        this.code = code;
        this.out = out;
    }

    void writeAccess() {
        out.line("/** A builder that holds the defaults. */");
        out.open("public static Builder builder()")
                .line("return new Builder();")
                .close();
        out.line("");
        out.line("/** A builder that holds the values of this one. */");
        out.open("public Builder toBuilder()");
        out.line("Builder builder = new Builder();");
        for (Field field : code.struct().fields()) {
            out.line("builder." + field.name() + " = " + field.name() + ";");
        }
        out.line("return builder;");
        out.close();
    }

    void writeType() {
        out.line("/** Collects the values of a {@link " + code.name() + "}. */");
        out.open("public static final class Builder");
        for (Field field : code.struct().fields()) {
            out.line("private " + code.javaType(field) + " " + field.name() + " = " + code.defaultValue(field) + ";");
        }
        out.line("");
        out.line("private Builder() {}");
        code.struct().fields().forEach(this::setter);
        out.line("");
        out.line("/** The values collected so far. */");
        out.open("public " + code.name() + " build()");
        out.line("return new " + code.name() + "("
                + code.struct().fields().stream().map(Field::name).collect(Collectors.joining(", ")) + ");");
        out.close();
        out.close();
    }

    private void setter(Field field) {
        out.line("");
        out.line("/** Sets {@link " + code.name() + "#" + field.name() + "}. */");
        out.open("public Builder " + field.name() + "(" + code.javaType(field) + " " + field.name() + ")");
        out.line("this." + field.name() + " = " + field.name() + ";");
        out.line("return this;");
        out.close();
    }
}
