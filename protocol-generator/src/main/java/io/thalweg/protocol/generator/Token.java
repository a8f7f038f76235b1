package io.thalweg.protocol.generator;

/** A piece of a schema file and the line it stands on; a string's text is what stands between its quotes. */
record Token(Kind kind, String text, int line) {

    enum Kind {
        WORD,
        NUMBER,
        STRING,
        SYMBOL,
        END
    }

    boolean is(String expected) {
        return kind != Kind.STRING && text.equals(expected);
    }
}
