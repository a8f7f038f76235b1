package io.thalweg.protocol.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GeneratorTest {

    private static final String PACKAGE = "com.example.wire";

    @TempDir
    private Path schemas;

    @TempDir
    private Path output;

    @BeforeEach
    void oneRecord() throws IOException {
        schema("point", "# Where it is.\nrecord Point key 3 versions 0-1 {\n x int32\n y int32 1 = -1\n}\n");
    }

    @Test
    void aRecordBecomesARecord() throws IOException {
        run();

        assertThat(generated("Point"))
                .contains("package com.example.wire;")
                .contains("/** Record, versions 0-1: Where it is. */")
                .contains("public record Point(int x, int y) implements Message {")
                .contains("public static final short KEY = 3;")
                .contains("int y = version >= 1 ? in.readInt32(\"Point.y\") : -1;");
        assertThat(output.resolve("io")).doesNotExist();
    }

    @Test
    void anApiBringsTheEnumAndTheCodec() throws IOException {
        schema("hello", "api Hello key 9 versions 0-2 unstable 2 request {} response {}");

        run();

        assertThat(generated("HelloRequest")).contains("return ApiKey.HELLO;");
        assertThat(generated("MessageCodec")).contains("case HELLO -> HelloResponse.read(in, version);");
        assertThat(Files.readString(output.resolve("io/thalweg/protocol/ApiKey.java")))
                .contains("HELLO(9, \"Hello\", 0, 2, 1, Short.MAX_VALUE, false);");
    }

    @Test
    void whatDidNotChangeIsNotWrittenAgain() throws IOException {
        run();
        FileTime longAgo = FileTime.fromMillis(1_000);
        Files.setLastModifiedTime(file("Point"), longAgo);

        run();

        assertThat(Files.getLastModifiedTime(file("Point"))).isEqualTo(longAgo);
    }

    @Test
    void whatIsNoLongerDeclaredIsDeleted() throws IOException {
        run();
        schema("point", "record Place versions 0-1 { x int32 }");

        run();

        assertThat(file("Point")).doesNotExist();
        assertThat(file("Place")).exists();
    }

    @Test
    void namesAndKeysAreUnique() throws IOException {
        schema("second", "record Point versions 0-1 {}");

        assertThatThrownBy(this::run).hasMessageEndingWith("message Point is declared by another file too");
    }

    @Test
    void theWrongNumberOfArgumentsIsRefused() {
        assertThatThrownBy(() -> Generator.main(new String[] {"a", "b"}))
                .hasMessage("expected <schema folder> <output folder> <package>, not a b");
    }

    private void run() throws IOException {
        Generator.main(new String[] {schemas.toString(), output.toString(), PACKAGE});
    }

    private void schema(String name, String text) throws IOException {
        Files.writeString(schemas.resolve(name + ".schema"), text);
    }

    private String generated(String type) throws IOException {
        return Files.readString(file(type));
    }

    private Path file(String type) {
        return output.resolve("com/example/wire").resolve(type + ".java");
    }
}
