package io.thalweg.protocol.generator;

import io.thalweg.protocol.generator.MessageSchema.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the declarations of one schema file; {@code package-info} describes the notation. */
final class SchemaParser {

    private final TokenReader tokens;
    private final String description;
    private final List<MessageSchema> messages = new ArrayList<>();

    /** The structs of the message being read. */
    private List<Struct> parts = new ArrayList<>();

    private SchemaParser(String file, String text) {
        this.tokens = new TokenReader(file, new SchemaLexer(file, text).tokens());
        this.description = SchemaLexer.description(text);
    }

    /** The messages of a file, checked. */
    static List<MessageSchema> parse(String file, String text) {
        SchemaParser parser = new SchemaParser(file, text);
        while (!parser.tokens.atEnd()) {
            parser.declaration();
        }
        return List.copyOf(parser.messages);
    }

    private void declaration() {
        Token keyword = tokens.word("api, header or record");
        switch (keyword.text()) {
            case "api" -> api();
            case "header" -> message(Kind.HEADER);
            case "record" -> message(Kind.RECORD);
            default -> throw tokens.refuse(keyword, "expected api, header or record, not " + keyword.text());
        }
    }

    private void api() {
        Token name = tokens.word("the name of the api");
        tokens.expect("key");
        int key = tokens.number();
        tokens.expect("versions");
        Versions versions = tokens.versions(Versions.NONE);
        Versions flexible = tokens.skip("flexible") ? tokens.versions(versions) : Versions.NONE;
        Versions unstable = tokens.skip("unstable") ? tokens.versions(versions) : Versions.NONE;
        boolean isInternal = tokens.skip("internal");
        Api api = new Api(name.text(), key, versions, flexible, unstable, isInternal);
        tokens.expect("request");
        message(Kind.REQUEST, name, Optional.of(api), OptionalInt.empty(), versions, flexible);
        tokens.expect("response");
        message(Kind.RESPONSE, name, Optional.of(api), OptionalInt.empty(), versions, flexible);
    }

    private void message(Kind kind) {
        Token name = tokens.word("a name");
        OptionalInt key =
                kind == Kind.RECORD && tokens.skip("key") ? OptionalInt.of(tokens.number()) : OptionalInt.empty();
        tokens.expect("versions");
        Versions versions = tokens.versions(Versions.NONE);
        Versions flexible = tokens.skip("flexible") ? tokens.versions(versions) : Versions.NONE;
        message(kind, name, Optional.empty(), key, versions, flexible);
    }

    private void message(
            Kind kind, Token name, Optional<Api> api, OptionalInt key, Versions versions, Versions flexible) {
        String javaName = switch (kind) {
            case REQUEST -> name.text() + "Request";
            case RESPONSE -> name.text() + "Response";
            case HEADER, RECORD -> name.text();
        };
        parts = new ArrayList<>();
        tokens.expect("{");
        while (tokens.skip("struct")) {
            commonStruct(versions);
        }
        Struct root = new Struct(javaName, versions, fields(versions));
        MessageSchema message =
                new MessageSchema(kind, javaName, api, key, versions, flexible, description, root, parts);
        new SchemaCheck(message, tokens.file(), name.line()).run();
        messages.add(message);
    }

    private void commonStruct(Versions versions) {
        Token name = tokens.word("the name of a struct");
        tokens.expect("{");
        declare(name, versions);
    }

    /** Reads the fields of a struct that is declared here; its place among the parts is before those it declares. */
    private void declare(Token name, Versions versions) {
        if (parts.stream().anyMatch(part -> part.name().equals(name.text()))) {
            throw tokens.refuse(name, "struct " + name.text() + " is declared twice");
        }
        int place = parts.size();
        parts.add(new Struct(name.text(), versions, List.of()));
        parts.set(place, new Struct(name.text(), versions, fields(versions)));
    }

    private List<Field> fields(Versions context) {
        List<Field> fields = new ArrayList<>();
        while (!tokens.skip("}")) {
            fields.add(field(context));
        }
        return fields;
    }

    private Field field(Versions context) {
        Token name = tokens.word("the name of a field");
        boolean isList = tokens.skip("[");
        if (isList) {
            tokens.expect("]");
        }
        Token typeName = tokens.word("a type");
        FieldType type = type(typeName, isList);
        boolean isNullable = tokens.skip("?");
        Optional<Token> nullableIn =
                isNullable && tokens.skip("(") ? Optional.of(tokens.versionsInBrackets()) : Optional.empty();
        Versions versions = tokens.isVersionsOn(name.line()) ? tokens.versions(context) : context;
        Versions nullable = !isNullable
                ? Versions.NONE
                : nullableIn.map(token -> tokens.versions(token, versions)).orElse(versions);
        FieldAttributes attributes = FieldAttributes.read(tokens, name.line());
        if (tokens.skipOn("{", name.line())) {
            declare(typeName, versions);
        }
        return new Field(
                name.text(),
                type,
                versions,
                nullable,
                attributes.defaultLiteral(),
                attributes.tag(),
                attributes.isIgnorable(),
                attributes.isPlain(),
                name.line());
    }

    private FieldType type(Token name, boolean isList) {
        FieldType element;
        if (Character.isUpperCase(name.text().charAt(0))) {
            element = new FieldType.StructType(name.text());
        } else {
            element = FieldType.Scalar.named(name.text())
                    .orElseThrow(() -> tokens.refuse(name, "there is no type " + name.text()));
        }
        return isList ? new FieldType.ListType(element) : element;
    }
}
