package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LineFormatTest {

    @Test
    void csvKeyIsTheNamedColumnAndTheHeadingsAreLeftOut() {
        var format = LineFormat.of("flights.csv", "origin", null);

        assertThat(format.read("date,origin,destination")).isEmpty();
        assertThat(format.read("0101,DFW,LAX")).contains(new RecordLine("DFW", "0101,DFW,LAX"));
        assertThat(format.read("0102,\"O\"\"Hare, Chicago\",LAX"))
                .contains(new RecordLine("O\"Hare, Chicago", "0102,\"O\"\"Hare, Chicago\",LAX"));
        assertThat(format.read("  ")).isEmpty();
    }

    @Test
    void csvWithoutTheFieldNamesTheFieldsThereAre() {
        var format = LineFormat.of("flights.csv", "carrier", null);

        assertThatThrownBy(() -> format.read("date,origin"))
                .hasMessage("key field carrier is not in the file; its fields are date, origin");
    }

    @Test
    void csvLineThatIsTooShortIsNamed() {
        var format = LineFormat.of("flights.csv", "destination", null);
        assertThat(format.read("date,origin,destination")).isEmpty();

        assertThatThrownBy(() -> format.read("0101,DFW"))
                .hasMessageContaining("line 2 has no field destination")
                .hasMessageContaining("0101,DFW");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"user\":\"ann\"}|ann",
                "{ \"n\" : {\"user\":\"no\"} , \"user\" : \"b\\u00e4\\t\\\"x\\\"\" }|bä\t\"x\"",
                "{\"list\":[1,{\"a\":\"}\"}],\"user\":42}|42",
                "{\"user\":true,\"x\":1}|true"
            })
    void jsonKeyIsTheNamedTopLevelField(String line, String key) {
        var found = LineFormat.of("events.jsonl", "user", null).read(line).orElseThrow();

        assertThat(found.key()).isEqualTo(key);
        assertThat(found.value()).isEqualTo(line);
    }

    @Test
    void jsonWithoutTheFieldHasNoKey() {
        var format = LineFormat.of(null, "user", null);

        assertThat(format.read("{\"name\":\"ann\"}").orElseThrow().key()).isNull();
        assertThat(format.read("{\"user\":null}").orElseThrow().key()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"user=ann", "{\"user\"", "{\"a\":[1,2", "{user:1}"})
    void lineThatIsNoJsonObjectIsRefusedWithItsNumber(String line) {
        var format = LineFormat.of(null, "user", null);

        assertThatThrownBy(() -> format.read(line)).hasMessageContaining("line 1 is no JSON object");
    }

    @Test
    void separatorCutsAtItsFirstPlace() {
        var format = LineFormat.of(null, null, "::");

        assertThat(format.read("a::b::c")).contains(new RecordLine("a", "b::c"));
        assertThatThrownBy(() -> format.read("abc")).hasMessage("line 2 has no key separator ::: abc");
    }

    @Test
    void withoutAKeyTheLineIsTheValue() {
        assertThat(LineFormat.of(null, null, null).read("hello")).contains(new RecordLine(null, "hello"));
    }
}
