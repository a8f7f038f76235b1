package io.thalweg.protocol.generator;

/** A schema that cannot be turned into Java; the text starts with file and line. */
final class SchemaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SchemaException(String file, int line, String message) {
        super(file + ":" + line + ": " + message);
    }
}
