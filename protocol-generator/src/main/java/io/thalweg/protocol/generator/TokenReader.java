package io.thalweg.protocol.generator;

import io.thalweg.protocol.generator.Token.Kind;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Walks over the tokens of one file and says where something else was expected. */
final class TokenReader {

    private static final Pattern VERSIONS = Pattern.compile("(\\d{1,4})(?:(\\+)|-(\\d{1,4}))?");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

    private final String file;
    private final List<Token> tokens;
    private int index;

    TokenReader(String file, List<Token> tokens) {
        this.file = file;
        this.tokens = tokens;
    }

    String file() {
        return file;
    }

    boolean atEnd() {
        return current().kind() == Kind.END;
    }

    boolean is(String text) {
        return current().is(text);
    }

    boolean isOn(int line) {
        return current().line() == line && !atEnd();
    }

    boolean isVersionsOn(int line) {
        return isOn(line) && current().kind() == Kind.NUMBER;
    }

    Token next() {
        Token token = current();
        if (token.kind() == Kind.END) {
            throw refuse(token, "the file ends in the middle of a declaration");
        }
        index++;
        return token;
    }

    boolean skip(String text) {
        boolean found = is(text);
        index += found ? 1 : 0;
        return found;
    }

    boolean skipOn(String text, int line) {
        return isOn(line) && skip(text);
    }

    void expect(String text) {
        Token token = current();
        if (!skip(text)) {
            throw refuse(token, "expected " + text + ", not " + token.text());
        }
    }

    Token word(String meaning) {
        Token token = current();
        if (token.kind() != Kind.WORD) {
            throw refuse(token, "expected " + meaning + ", not " + token.text());
        }
        index++;
        return token;
    }

    int number() {
        Token token = next();
        if (!NUMBER.matcher(token.text()).matches()) {
            throw refuse(token, "expected a number, not " + token.text());
        }
        return Integer.parseInt(token.text());
    }

    /** Reads versions; {@code 4+} ends where the context ends, and all lie within it unless it is empty. */
    Versions versions(Versions context) {
        return versions(next(), context);
    }

    Token versionsInBrackets() {
        Token versions = next();
        expect(")");
        return versions;
    }

    Versions versions(Token token, Versions context) {
        Matcher matcher = VERSIONS.matcher(token.text());
        if (token.kind() == Kind.STRING || !matcher.matches()) {
            throw refuse(token, "expected versions such as 4+, 3-12 or 7, not " + token.text());
        }
        if (matcher.group(2) != null && context.isEmpty()) {
            throw refuse(token, "versions " + token.text() + " need an end here");
        }
        int lowest = Integer.parseInt(matcher.group(1));
        int highest = matcher.group(2) != null
                ? context.highest()
                : matcher.group(3) != null ? Integer.parseInt(matcher.group(3)) : lowest;
        Versions versions = new Versions(lowest, highest);
        if (versions.isEmpty() || (!context.isEmpty() && !context.covers(versions))) {
            throw refuse(token, "versions " + token.text() + " are not within " + context);
        }
        return versions;
    }

    SchemaException refuse(Token token, String message) {
        return new SchemaException(file, token.line(), message);
    }

    private Token current() {
        return tokens.get(index);
    }
}
