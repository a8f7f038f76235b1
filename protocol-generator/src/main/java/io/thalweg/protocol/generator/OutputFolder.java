package io.thalweg.protocol.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The root of the generated sources: rewrites a file only if its text changed, so that builds stay incremental. */
final class OutputFolder {

    private final Path root;
    private final Set<Path> written = new HashSet<>();

    OutputFolder(Path root) {
        this.root = root;
    }

    void write(String packageName, String className, String text) throws IOException {
        Path file = root.resolve(packageName.replace('.', '/')).resolve(className + ".java");
        written.add(file);
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Deletes what an earlier run wrote and this one did not. */
    void deleteOthers() throws IOException {
        List<Path> others;
        try (Stream<Path> files = Files.walk(root)) {
            others = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !written.contains(file))
                    .toList();
        }
        for (Path other : others) {
            Files.delete(other);
        }
    }
}
