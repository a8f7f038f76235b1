package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.api.TopicPartition;
import io.thalweg.client.InboundRecord;
import io.thalweg.protocol.record.RecordHeader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordFormatTest {

    private static final InboundRecord RECORD = new InboundRecord(
            new TopicPartition("flights", 3),
            17,
            978_307_200_000L,
            bytes("DFW"),
            bytes("to LAX"),
            List.of(new RecordHeader("trace", ByteBuffer.wrap(bytes("1f"))), new RecordHeader("empty", null)));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String printed(String format, InboundRecord record) {
        var text = new StringWriter();
        var out = new PrintWriter(text);
        RecordFormat.parse(format).print(record, out);
        out.flush();
        return text.toString();
    }

    @Test
    void placeholdersStandForThePartsOfARecord() {
        assertThat(printed("%T-%p@%o %t %k=%v [%h] 100%%\\t.", RECORD))
                .isEqualTo("flights-3@17 978307200000 DFW=to LAX [trace=1f,empty=-] 100%\t.\n");
    }

    @Test
    void nullIsADash() {
        var bare = new InboundRecord(new TopicPartition("flights", 0), 0, -1, null, null, List.of());

        assertThat(printed("%k %v %h", bare)).isEqualTo("- - -\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%x", "a%", "\\q"})
    void formatThatMakesNoSenseIsRefused(String format) {
        assertThatThrownBy(() -> RecordFormat.parse(format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(format);
    }
}
