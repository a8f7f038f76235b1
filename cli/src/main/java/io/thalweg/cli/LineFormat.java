package io.thalweg.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the key in a line of input. Confined to one thread: the first line of a CSV file is its headings.
 *
 * <p>With a key field, lines that begin with a brace are JSON objects and others are CSV. With a separator, the key is what stands
 * before it. Otherwise lines have no key.
 */
final class LineFormat {

    private final @Nullable String keyField;
    private final @Nullable String separator;
    private final boolean isCsv;
    private int keyColumn = -1;
    private long linesCount;

    private LineFormat(@Nullable String keyField, @Nullable String separator, boolean isCsv) {
        this.keyField = keyField;
        this.separator = separator;
        this.isCsv = isCsv;
    }

    /** For a file of this name; names that do not end in {@code .csv} are taken for lines of text or JSON. */
    static LineFormat of(@Nullable String fileName, @Nullable String keyField, @Nullable String separator) {
        if (keyField != null && separator != null) {
            throw new IllegalArgumentException("--key-field and --key-separator exclude each other");
        }
        var isCsv = fileName != null && fileName.toLowerCase(Locale.ROOT).endsWith(".csv");
        return new LineFormat(keyField, separator, isCsv && separator == null);
    }

    /** The record on this line; empty for a blank line and for the headings of a CSV file. */
    Optional<RecordLine> read(String line) {
        linesCount++;
        if (line.isBlank()) {
            return Optional.empty();
        }
        if (isCsv) {
            return csv(line);
        }
        if (keyField != null) {
            return Optional.of(new RecordLine(jsonKey(line, keyField), line));
        }
        return Optional.of(separator == null ? new RecordLine(null, line) : split(line, separator));
    }

    private RecordLine split(String line, String text) {
        var at = line.indexOf(text);
        if (at < 0) {
            throw new IllegalArgumentException(
                    "line " + linesCount + " has no key separator " + text + ": " + shown(line));
        }
        return new RecordLine(line.substring(0, at), line.substring(at + text.length()));
    }

    private Optional<RecordLine> csv(String line) {
        if (linesCount == 1) {
            keyColumn = keyField == null ? -1 : column(CsvLine.fields(line), keyField);
            return Optional.empty();
        }
        if (keyColumn < 0) {
            return Optional.of(new RecordLine(null, line));
        }
        var key = CsvLine.field(line, keyColumn);
        if (key == null) {
            throw new IllegalArgumentException("line " + linesCount + " has no field " + keyField + ", which is the "
                    + (keyColumn + 1) + ". of its file: " + shown(line));
        }
        return Optional.of(new RecordLine(key, line));
    }

    private static int column(List<String> headings, String wanted) {
        var column = headings.indexOf(wanted);
        if (column < 0) {
            throw new IllegalArgumentException(
                    "key field " + wanted + " is not in the file; its fields are " + String.join(", ", headings));
        }
        return column;
    }

    private @Nullable String jsonKey(String line, String field) {
        try {
            return JsonLine.field(line, field);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + linesCount + " " + e.getMessage() + ": " + shown(line), e);
        }
    }

    private static String shown(String line) {
        return line.length() <= 60 ? line : line.substring(0, 60) + "…";
    }
}
