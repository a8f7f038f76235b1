package io.thalweg.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a line of a CSV file into fields: commas, and double quotes around fields that hold commas or quotes. */
final class CsvLine {

    private CsvLine() {}

    static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        var at = 0;
        while (at <= line.length()) {
            var end = end(line, at);
            fields.add(unquoted(line, at, end));
            at = end + 1;
        }
        return fields;
    }

    /** One field by its place, or null if the line is too short. */
    static @Nullable String field(String line, int column) {
        var at = 0;
        for (int i = 0; i < column; i++) {
            at = end(line, at) + 1;
            if (at > line.length()) {
                return null;
            }
        }
        return unquoted(line, at, end(line, at));
    }

    /** Where the field that begins here ends: at a comma outside quotes, or at the end of the line. */
    private static int end(String line, int from) {
        if (from >= line.length() || line.charAt(from) != '"') {
            var comma = line.indexOf(',', from);
            return comma < 0 ? line.length() : comma;
        }
        var isQuoted = false;
        for (int i = from; i < line.length(); i++) {
            if (line.charAt(i) == '"') {
                isQuoted = !isQuoted;
            } else if (line.charAt(i) == ',' && !isQuoted) {
                return i;
            }
        }
        return line.length();
    }

    private static String unquoted(String line, int from, int to) {
        if (to - from < 2 || line.charAt(from) != '"' || line.charAt(to - 1) != '"') {
            return line.substring(from, to);
        }
        return line.substring(from + 1, to - 1).replace("\"\"", "\"");
    }
}
