package io.thalweg.protocol.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.protocol.generator.FieldType.ListType;
import io.thalweg.protocol.generator.FieldType.Scalar;
import io.thalweg.protocol.generator.FieldType.StructType;
import io.thalweg.protocol.generator.MessageSchema.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SchemaParserTest {

    @Test
    void anApiIsItsRequestAndItsResponse() {
        List<MessageSchema> messages = parse("""
                # Greets.
                # Politely.
                #
                # v1  the name

                api HelloWorld key 7 versions 0-3 flexible 2+ unstable 3+ internal
                request {}
                response {
                    name  string
                }
                """);

        Api api = new Api("HelloWorld", 7, new Versions(0, 3), new Versions(2, 3), new Versions(3, 3), true);
        assertThat(messages).extracting(MessageSchema::name).containsExactly("HelloWorldRequest", "HelloWorldResponse");
        assertThat(messages).extracting(MessageSchema::kind).containsExactly(Kind.REQUEST, Kind.RESPONSE);
        assertThat(messages).allSatisfy(message -> {
            assertThat(message.api()).contains(api);
            assertThat(message.description()).isEqualTo("Greets. Politely.");
        });
        assertThat(api.constantName()).isEqualTo("HELLO_WORLD");
    }

    @Test
    void aRecordStandsForItself() {
        MessageSchema message = parse("record TopicRecord key 2 versions 0-1 flexible 0+ { name string }")
                .get(0);

        assertThat(message.kind()).isEqualTo(Kind.RECORD);
        assertThat(message.key()).hasValue(2);
        assertThat(message.api()).isEmpty();
    }

    @Test
    void aFieldHasTheVersionsOfItsStructUnlessItSaysOtherwise() {
        Struct root = root("""
                always    int32
                early     int32  1-2
                once      int32  3
                late      int32  3+
                nullable  string?
                partly    string?(3+)  2+
                """);

        assertThat(root.fields())
                .extracting(field -> field.versions().toString())
                .containsExactly("1-4", "1-2", "3", "3-4", "1-4", "2-4");
        assertThat(root.fields())
                .extracting(field -> field.nullable().toString())
                .containsExactly("none", "none", "none", "none", "1-4", "3-4");
    }

    @Test
    void attributesStandOnTheLineOfTheirField() {
        Struct root = root("""
                limit      int32    = -1  ignorable
                tag        string   2+  tag 0 = "none"
                ignorable  string?  plain = null
                """);

        assertThat(root.fields()).extracting(Field::name).containsExactly("limit", "tag", "ignorable");
        assertThat(root.fields().get(0).isIgnorable()).isTrue();
        assertThat(root.fields().get(0).defaultLiteral()).contains("-1");
        assertThat(root.fields().get(1).tag()).hasValue(0);
        assertThat(root.fields().get(1).defaultLiteral()).contains("none");
        assertThat(root.fields().get(2).isPlain()).isTrue();
        assertThat(root.fields().get(2).defaultsToNull()).isTrue();
    }

    @Test
    void structsAreDeclaredAheadOrWhereTheyAreFirstUsed() {
        MessageSchema message = message("""
                struct Node {
                    host  string
                }
                leader    Node
                topics    []Topic  2+ {
                    replicas  []Node
                    ids       []int32
                }
                """);

        assertThat(message.parts()).extracting(Struct::name).containsExactly("Node", "Topic");
        assertThat(message.part("Topic").versions()).isEqualTo(new Versions(2, 4));
        assertThat(message.root().fields())
                .extracting(Field::type)
                .containsExactly(new StructType("Node"), new ListType(new StructType("Topic")));
        assertThat(message.part("Topic").fields().get(1).type()).isEqualTo(new ListType(Scalar.INT32));
    }

    @Test
    void theSmallestElementCountsInWhicheverVersion() {
        MessageSchema message = message("""
                topics  []Topic {
                    name   string   1-2
                    id     uuid     3+
                    count  int16
                    leader Node? {
                        id  int32
                    }
                }
                """);

        // Version 1 and 2: an empty string, two bytes, an absent node, and no tagged fields from version 2 on.
        assertThat(MinimalSize.of(message, "Topic")).isEqualTo(1 + 2 + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name strin                        | there is no type strin",
                "name string 0-9                   | versions 0-9 are not within 1-4",
                "name string 3-2                   | versions 3-2 are not within 1-4",
                "name string x                     | expected = value, tag, ignorable or plain, not x",
                "name int32?                       | int cannot be null",
                "name int32 = null                 | field name cannot be null by default",
                "name int8 = 200                   | default 200 is no byte",
                "name bool = 1                     | default 1 is no boolean",
                "name string 1+ tag 0              | tagged field name is in versions 1-4, flexible are 2-4",
                "a int8 2+ tag 0 } b               | expected api, header or record, not b",
                "name []bool                       | lists of boolean do not exist",
                "name Node                         | there is no struct Node",
                "write string                      | a field cannot be called write",
                "name string? = \"open             | a string is not closed on its line",
                "name $                            | character '$' has no meaning here",
                "name []Node { node Node? }        | struct Node would hold itself",
                "name []Node 1 {}                  | an element of name may take no bytes",
                "list List { a int8 }              | struct name List is taken",
                "name                              | expected a type, not }",
            })
    void whatCannotBeUsedIsRefusedWithItsPlace(String body, String reason) {
        assertThatThrownBy(() -> message(body + "\n"))
                .isInstanceOf(SchemaException.class)
                .hasMessageStartingWith("test.schema:")
                .hasMessageEndingWith(": " + reason);
    }

    @Test
    void refusalsNameTheLine() {
        assertThatThrownBy(() -> message("one int8\n\n# comment\ntwo int9\n"))
                .hasMessage("test.schema:5: there is no type int9");
    }

    @Test
    void namesAndTagsAreUsedOnce() {
        assertThatThrownBy(() -> message("a int8\na int16\n")).hasMessageEndingWith("field a is declared twice");
        assertThatThrownBy(() -> message("a int8 2+ tag 1\nb int8 2+ tag 1\n"))
                .hasMessageEndingWith("tag 1 is used twice");
        assertThatThrownBy(() -> message("a Node { x int8 }\nb Node { x int8 }\n"))
                .hasMessageEndingWith("struct Node is declared twice");
    }

    @Test
    void aFileThatEndsEarlyIsRefused() {
        assertThatThrownBy(() -> parse("record A versions 0-1 {")).hasMessageContaining("not end of file");
        assertThatThrownBy(() -> parse("record A versions 0+ {}"))
                .hasMessage("test.schema:1: versions 0+ need an end here");
    }

    private static Struct root(String fields) {
        return message(fields).root();
    }

    private static MessageSchema message(String fields) {
        return parse("record Test versions 1-4 flexible 2+ {\n" + fields + "}").get(0);
    }

    private static List<MessageSchema> parse(String text) {
        return SchemaParser.parse("test.schema", text);
    }
}
