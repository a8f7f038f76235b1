package io.thalweg.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** A terminal that keeps what is printed. */
final class CapturedTerminal {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Terminal terminal;

    CapturedTerminal(String input) {
        terminal = new Terminal(
                new PrintWriter(out),
                new PrintWriter(err, true),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    }

    Terminal terminal() {
        return terminal;
    }

    int run(String... args) {
        return new CommandRunner(terminal).run(args);
    }

    String out() {
        terminal.out().flush();
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
