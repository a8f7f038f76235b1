package io.thalweg.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The npm client, if it is installed: it knows the registry, proxies and certificates that this machine uses. */
final class NpmClient implements PackageSource {

    private static final long TIMEOUT_SECONDS = 120;

    @Override
    public String name() {
        return "npm";
    }

    @Override
    public Path fetch(String packageName, String version, Path directory) throws IOException {
        var log = directory.resolve("npm.log");
        var process = new ProcessBuilder(
                        "npm", "pack", packageName + "@" + version, "--pack-destination", directory.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("no answer within " + TIMEOUT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException("exit code " + process.exitValue() + ", " + lastLine(log));
        }
        return directory.resolve(packageName + "-" + version + ".tgz");
    }

    private static String lastLine(Path log) throws IOException {
        var lines = Files.readAllLines(log, StandardCharsets.UTF_8);
        return lines.stream().filter(line -> line.contains("error")).findFirst().orElse("it did not say why");
    }
}
