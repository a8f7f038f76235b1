package io.thalweg.protocol.generator;

import io.thalweg.protocol.generator.FieldType.ListType;
import io.thalweg.protocol.generator.FieldType.StructType;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the Java file of one message: a record, and in it a record for each of its structs. */
final class RecordCode {

    /** The package of the types that generated code is written against. */
    static final String RUNTIME = "io.thalweg.protocol";

    /** The field of responses that says for how long a client is kept waiting. */
    private static final String THROTTLE_TIME = "throttleTimeMillis";

    private final MessageSchema message;
    private final JavaSource out = new JavaSource();

    private RecordCode(MessageSchema message) {
        this.message = message;
    }

    /** The text of the file. */
    static String of(MessageSchema message, String targetPackage) {
        RecordCode code = new RecordCode(message);
        JavaSource body = code.out;
        code.record(message.root());
        return header(targetPackage, body.toString()) + body;
    }

    /** Opens a public method of a message, which any version may be given to. */
    static void requireVersion(StructCode code, JavaSource out) {
        if (code.isRoot()) {
            out.line("Message.requireVersion(\"" + code.name() + "\", version, LOWEST_VERSION, HIGHEST_VERSION);");
        }
    }

    private static String header(String targetPackage, String body) {
        TreeSet<String> imports = new TreeSet<>();
        Stream.of("ApiKey", "BufferRecords", "Message", "MessageReader", "MessageWriter", "Records", "WireSize")
                .filter(name -> uses(body, name))
                .forEach(name -> imports.add(RUNTIME + "." + name));
        Stream.of("RequestMessage", "ResponseMessage")
                .filter(name -> uses(body, name))
                .forEach(name -> imports.add(RUNTIME + "." + name));
        Stream.of("ArrayList", "Collections", "List", "Objects", "UUID")
                .filter(name -> uses(body, name))
                .forEach(name -> imports.add("java.util." + name));
        if (uses(body, "ByteBuffer")) {
            imports.add("java.nio.ByteBuffer");
        }
        if (uses(body, "Nullable")) {
            imports.add("org.jspecify.annotations.Nullable");
        }
        return "// Generated from a schema file; edit that instead.\npackage " + targetPackage + ";\n\n"
                + imports.stream().map(name -> "import " + name + ";\n").collect(Collectors.joining()) + "\n";
    }

    private static boolean uses(String body, String name) {
        return java.util.regex.Pattern.compile("(?<![\\w.\"])" + name + "\\b")
                .matcher(body)
                .find();
    }

    private void record(Struct struct) {
        StructCode code = new StructCode(message, struct);
        out.line("/** " + description(code) + " */");
        out.open("public record " + struct.name() + "(" + components(code) + ")" + supertype(code));
        constants(code);
        constructor(code);
        out.line("");
        new ReadCode(code, out).write();
        out.line("");
        new SizeCode(code, out).write();
        out.line("");
        new WriteCode(code, out).write();
        out.line("");
        if (!code.isRoot() && isListed(struct)) {
            ListCode.write(code, out);
            out.line("");
        }
        new BuilderCode(code, out).writeAccess();
        if (code.isRoot()) {
            for (Struct part : message.parts()) {
                out.line("");
                record(part);
            }
        }
        out.line("");
        new BuilderCode(code, out).writeType();
        out.close();
    }

    private String description(StructCode code) {
        if (!code.isRoot()) {
            return "Part of {@link " + message.name() + "}; versions "
                    + code.struct().versions() + ".";
        }
        String kind = switch (message.kind()) {
            case REQUEST -> "Request, versions ";
            case RESPONSE -> "Response, versions ";
            case HEADER -> "Header, versions ";
            case RECORD -> "Record, versions ";
        };
        String about = message.description().isEmpty() ? "" : ": " + escaped(message.description());
        return kind + message.versions() + about + (about.endsWith(".") ? "" : ".");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "&#64;");
    }

    private static String components(StructCode code) {
        return code.struct().fields().stream()
                .map(field -> code.javaType(field) + " " + field.name())
                .collect(Collectors.joining(", "));
    }

    private String supertype(StructCode code) {
        if (!code.isRoot()) {
            return "";
        }
        return switch (message.kind()) {
            case REQUEST -> " implements RequestMessage";
            case RESPONSE -> " implements ResponseMessage";
            case HEADER, RECORD -> " implements Message";
        };
    }

    private void constants(StructCode code) {
        if (code.isRoot()) {
            constant(
                    "The lowest version that can be read and written.",
                    "LOWEST_VERSION",
                    message.versions().lowest());
            constant(
                    "The highest version that can be read and written.",
                    "HIGHEST_VERSION",
                    message.versions().highest());
            message.key().ifPresent(key -> constant("The key that tells this record from others.", "KEY", key));
        } else if (isDefaultNeeded(code.struct())) {
            out.line("private static final " + code.name() + " DEFAULT = builder().build();");
            out.line("");
        }
    }

    private void constant(String comment, String name, int value) {
        out.line("/** " + comment + " */");
        out.line("public static final short " + name + " = " + value + ";");
        out.line("");
    }

    private void constructor(StructCode code) {
        List<Field> required = code.struct().fields().stream()
                .filter(field -> field.type().isReference() && !field.isNullable())
                .toList();
        out.line("/** Refuses null where no version allows it. */");
        out.open("public " + code.name());
        for (Field field : required) {
            out.line("Objects.requireNonNull(" + field.name() + ", " + code.pathLiteral(field) + ");");
        }
        out.close();
        if (message.api().isPresent() && code.isRoot()) {
            out.line("");
            out.line("@Override");
            out.open("public ApiKey apiKey()");
            out.line("return ApiKey." + message.api().orElseThrow().constantName() + ";");
            out.close();
            throttled(code);
        }
    }

    private void throttled(StructCode code) {
        if (message.kind() == MessageSchema.Kind.RESPONSE
                && code.struct().fields().stream()
                        .anyMatch(field -> field.name().equals(THROTTLE_TIME))) {
            out.line("");
            out.line("@Override");
            out.open("public ResponseMessage throttled(int millis)");
            out.line("return toBuilder()." + THROTTLE_TIME + "(millis).build();");
            out.close();
        }
    }

    private boolean isListed(Struct struct) {
        return allFields()
                .anyMatch(field -> field.type() instanceof ListType list
                        && list.element() instanceof StructType type
                        && type.name().equals(struct.name()));
    }

    private boolean isDefaultNeeded(Struct struct) {
        return allFields()
                .anyMatch(field -> field.type() instanceof StructType type
                        && type.name().equals(struct.name())
                        && !field.defaultsToNull());
    }

    private Stream<Field> allFields() {
        return Stream.concat(Stream.of(message.root()), message.parts().stream())
                .flatMap(s -> s.fields().stream());
    }
}
