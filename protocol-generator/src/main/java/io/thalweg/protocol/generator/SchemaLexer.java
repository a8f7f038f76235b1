package io.thalweg.protocol.generator;

import io.thalweg.protocol.generator.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts a schema file into tokens. Numbers include version ranges: {@code 3-12} and {@code 4+} are one token each. */
final class SchemaLexer {

    private final String file;
    private final String text;
    private int position;
    private int line = 1;

    SchemaLexer(String file, String text) {
        this.file = file;
        this.text = text;
    }

    /** All tokens, the last one of kind END. */
    List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        for (skipBlanks(); position < text.length(); skipBlanks()) {
            tokens.add(next());
        }
        tokens.add(new Token(Kind.END, "end of file", line));
        return tokens;
    }

    /** The first paragraph of the comment at the top, without its marks. */
    static String description(String text) {
        StringBuilder description = new StringBuilder();
        for (String row : text.lines().toList()) {
            if (!row.startsWith("# ")) {
                break;
            }
            description
                    .append(description.isEmpty() ? "" : " ")
                    .append(row.substring(2).strip());
        }
        return description.toString();
    }

    private void skipBlanks() {
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '#') {
                int end = text.indexOf('\n', position);
                position = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(c)) {
                line += c == '\n' ? 1 : 0;
                position++;
            } else {
                return;
            }
        }
    }

    private Token next() {
        char c = text.charAt(position);
        if (isLetter(c)) {
            return word();
        }
        if (isDigit(c) || c == '-') {
            return number();
        }
        if (c == '"') {
            return string();
        }
        if ("{}[]()?=".indexOf(c) >= 0) {
            position++;
            return new Token(Kind.SYMBOL, String.valueOf(c), line);
        }
        throw new SchemaException(file, line, "character '" + c + "' has no meaning here");
    }

    private Token word() {
        int start = position;
        while (position < text.length() && (isLetter(text.charAt(position)) || isDigit(text.charAt(position)))) {
            position++;
        }
        return new Token(Kind.WORD, text.substring(start, position), line);
    }

    private Token number() {
        int start = position;
        position++;
        while (position < text.length() && "0123456789.+-".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        return new Token(Kind.NUMBER, text.substring(start, position), line);
    }

    private Token string() {
        int end = text.indexOf('"', position + 1);
        if (end < 0 || text.substring(position, end).contains("\n")) {
            throw new SchemaException(file, line, "a string is not closed on its line");
        }
        Token token = new Token(Kind.STRING, text.substring(position + 1, end), line);
        position = end + 1;
        return token;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
