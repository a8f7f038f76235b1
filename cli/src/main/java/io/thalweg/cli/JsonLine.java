package io.thalweg.cli;

import org.jspecify.annotations.Nullable;

/**
 * Reads one field of a JSON object that stands on one line, without reading it into a tree. Confined to one call.
 *
 * <p>The text of a string is given unescaped; of anything else, as it stands there. Null and a missing field are null.
 */
final class JsonLine {

    private final String line;
    private int at;

    private JsonLine(String line) {
        this.line = line;
    }

    static @Nullable String field(String line, String name) {
        return new JsonLine(line).find(name);
    }

    private @Nullable String find(String name) {
        skipBlanks();
        expect('{');
        skipBlanks();
        while (peek() != '}') {
            var isWanted = string().equals(name);
            skipBlanks();
            expect(':');
            skipBlanks();
            if (isWanted) {
                return peek() == '"' ? string() : nullable(raw());
            }
            raw();
            skipBlanks();
            if (peek() == ',') {
                at++;
                skipBlanks();
            }
        }
        return null;
    }

    private static @Nullable String nullable(String raw) {
        return raw.equals("null") ? null : raw;
    }

    private void skipBlanks() {
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
    }

    private char peek() {
        if (at >= line.length()) {
            throw new IllegalArgumentException("is no JSON object: it ends too early");
        }
        return line.charAt(at);
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw new IllegalArgumentException(
                    "is no JSON object: " + peek() + " at character " + (at + 1) + ", expected " + wanted);
        }
        at++;
    }

    private String string() {
        expect('"');
        var text = new StringBuilder();
        while (peek() != '"') {
            var c = line.charAt(at++);
            text.append(c == '\\' ? escaped() : c);
        }
        at++;
        return text.toString();
    }

    private char escaped() {
        var c = peek();
        at++;
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> unicode();
            default -> c;
        };
    }

    private char unicode() {
        if (at + 4 > line.length()) {
            throw new IllegalArgumentException("is no JSON object: it ends too early");
        }
        var c = (char) Integer.parseInt(line, at, at + 4, 16);
        at += 4;
        return c;
    }

    /** A value of any kind, up to the comma or brace that ends it. */
    private String raw() {
        var from = at;
        var depth = 0;
        while (depth > 0 || (peek() != ',' && peek() != '}' && peek() != ']')) {
            if (peek() == '"') {
                string();
                continue;
            }
            depth += switch (peek()) {
                case '{', '[' -> 1;
                case '}', ']' -> -1;
                default -> 0;
            };
            at++;
        }
        return line.substring(from, at).strip();
    }
}
