package io.thalweg.integration.clients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** kcat, where it is installed. */
public final class Kcat {

    /** Why a test is skipped. */
    public static final String MISSING = "skipped: kcat is not installed (apt-get install kcat)";

    private static final int LIMIT_SECONDS = 60;

    private Kcat() {}

    public static boolean isInstalled() {
        try {
            var process =
                    new ProcessBuilder("kcat", "-V").redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Runs it with an input; gives the lines that it wrote. */
    public static List<String> run(String bootstrap, String input, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("kcat", "-b", bootstrap));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        var output = process.inputReader().lines().toList();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + " did not succeed: " + output);
        }
        return output;
    }
}
