package io.thalweg.broker.config;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The text of a Java properties file, read so that each setting still knows its line. */
final class PropertiesText {

    private PropertiesText() {}

    /**
     * Reads a text from top to bottom.
     *
     * @param entries gets each setting
     * @param malformed gets the number of each line that is no setting, counted from 1
     */
    static void read(String text, Consumer<Entry> entries, IntConsumer malformed) {
        var lines = text.lines().toArray(String[]::new);
        for (var i = 0; i < lines.length; i++) {
            var first = i;
            var logical = new StringBuilder(lines[i]);
            while (isContinued(lines[i]) && !isComment(lines[first]) && i + 1 < lines.length) {
                i++;
                logical.append('\n').append(lines[i]);
            }
            try {
                decode(logical.toString())
                        .forEach((name, value) ->
                                entries.accept(new Entry(first + 1, name.toString(), value.toString())));
            } catch (IllegalArgumentException e) {
                malformed.accept(first + 1);
            }
        }
    }

    private static boolean isComment(String line) {
        var stripped = line.stripLeading();
        return stripped.startsWith("#") || stripped.startsWith("!");
    }

    private static boolean isContinued(String line) {
        var end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }

    /** At most one setting: nothing of a comment or a blank line. */
    private static Properties decode(String logical) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(logical));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // What Java makes of a line of nothing but a backslash.
        properties.remove("", "");
        return properties;
    }

    /**
     * One setting.
     *
     * @param line where it begins, counted from 1
     */
    record Entry(int line, String name, String value) {}
}
