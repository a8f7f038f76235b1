package io.thalweg.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where the JVM comes in. */
public final class Main {

    private Main() {}

    /** Runs the command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        var out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        var code = new CommandRunner(new Terminal(out, err, System.in)).run(args);
        out.flush();
        err.flush();
        System.exit(code);
    }
}
