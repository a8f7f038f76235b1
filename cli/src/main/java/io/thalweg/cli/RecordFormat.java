package io.thalweg.cli;

import io.thalweg.client.InboundRecord;
import io.thalweg.protocol.record.RecordHeader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a record is printed: text with placeholders.
 *
 * <p>{@code %k} key, {@code %v} value, {@code %o} offset, {@code %p} partition, {@code %t} time in epoch milliseconds, {@code %T} topic,
 * {@code %h} headers, {@code %%} a percent sign; {@code \n}, {@code \t} and {@code \\} as usual. Null is printed as {@code -}.
 */
final class RecordFormat {

    private static final String NULL = "-";

    private final List<Part> parts;

    private RecordFormat(List<Part> parts) {
        this.parts = parts;
    }

    private interface Part {
        String of(InboundRecord record);
    }

    static RecordFormat parse(String format) {
        var parts = new ArrayList<Part>();
        var literal = new StringBuilder();
        var at = 0;
        while (at < format.length()) {
            var c = format.charAt(at++);
            if (c != '%' && c != '\\') {
                literal.append(c);
                continue;
            }
            if (at == format.length()) {
                throw new IllegalArgumentException("format " + format + " ends within a placeholder");
            }
            var letter = format.charAt(at++);
            if (c == '\\') {
                literal.append(escaped(letter, format));
            } else if (letter == '%') {
                literal.append('%');
            } else {
                parts.add(literal(literal.toString()));
                literal.setLength(0);
                parts.add(placeholder(letter, format));
            }
        }
        parts.add(literal(literal.toString()));
        return new RecordFormat(parts);
    }

    private static Part literal(String text) {
        return record -> text;
    }

    private static char escaped(char letter, String format) {
        return switch (letter) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case '\\' -> '\\';
            default ->
                throw new IllegalArgumentException(
                        "\\" + letter + " in format " + format + ": expected \\n, \\t or \\\\");
        };
    }

    private static Part placeholder(char letter, String format) {
        return switch (letter) {
            case 'k' -> record -> text(record.key());
            case 'v' -> record -> text(record.value());
            case 'o' -> record -> Long.toString(record.offset());
            case 'p' -> record -> Integer.toString(record.partition().partition());
            case 't' -> record -> Long.toString(record.timestamp());
            case 'T' -> record -> record.partition().topic();
            case 'h' -> RecordFormat::headers;
            default ->
                throw new IllegalArgumentException(
                        "%" + letter + " in format " + format + ": expected %k, %v, %o, %p, %t, %T, %h or %%");
        };
    }

    private static String headers(InboundRecord record) {
        return record.headers().isEmpty()
                ? NULL
                : record.headers().stream()
                        .map(header -> header.key() + "=" + text(header))
                        .collect(Collectors.joining(","));
    }

    private static String text(RecordHeader header) {
        var value = header.value();
        return value == null
                ? NULL
                : StandardCharsets.UTF_8.decode(value.duplicate()).toString();
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? NULL : new String(bytes, StandardCharsets.UTF_8);
    }

    void print(InboundRecord record, PrintWriter out) {
        parts.forEach(part -> out.print(part.of(record)));
        out.print('\n');
    }
}
