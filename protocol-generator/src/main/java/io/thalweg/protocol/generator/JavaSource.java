package io.thalweg.protocol.generator;

/** Java text under construction: keeps the indentation. */
final class JavaSource {

    private static final String INDENT = "    ";

    private final StringBuilder text = new StringBuilder();
    private int depth;

    /** A line, or an empty one. */
    JavaSource line(String line) {
        if (!line.isEmpty()) {
            text.append(INDENT.repeat(depth)).append(line);
        }
        text.append('\n');
        return this;
    }

    /** A line that opens a block. */
    JavaSource open(String head) {
        line(head + " {");
        depth++;
        return this;
    }

    /** Closes the innermost block. */
    JavaSource close() {
        depth--;
        return line("}");
    }

    /** Closes the innermost block, which is an expression. */
    JavaSource closeExpression() {
        depth--;
        return line("};");
    }

    /** Closes the innermost block and opens its alternative. */
    JavaSource orElse(String head) {
        depth--;
        return open("} else" + (head.isEmpty() ? "" : " " + head));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
