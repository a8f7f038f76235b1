package io.thalweg.protocol.generator;

import java.util.Optional;
import java.util.OptionalInt;

/** What may follow type and versions on the line of a field. */
record FieldAttributes(Optional<String> defaultLiteral, OptionalInt tag, boolean isIgnorable, boolean isPlain) {

    static FieldAttributes read(TokenReader tokens, int line) {
        Optional<String> defaultLiteral = Optional.empty();
        OptionalInt tag = OptionalInt.empty();
        boolean isIgnorable = false;
        boolean isPlain = false;
        while (tokens.isOn(line) && !tokens.is("{") && !tokens.is("}")) {
            Token attribute = tokens.next();
            switch (attribute.text()) {
                case "=" -> defaultLiteral = Optional.of(tokens.next().text());
                case "tag" -> tag = OptionalInt.of(tokens.number());
                case "ignorable" -> isIgnorable = true;
                case "plain" -> isPlain = true;
                default ->
                    throw tokens.refuse(
                            attribute, "expected = value, tag, ignorable or plain, not " + attribute.text());
            }
        }
        return new FieldAttributes(defaultLiteral, tag, isIgnorable, isPlain);
    }
}
