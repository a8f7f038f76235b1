package io.thalweg.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Keeps the demo's data on disk: fetched once, checked each time. Confined to one thread. */
final class DatasetCache {

    private final Path directory;
    private final List<PackageSource> sources;

    DatasetCache(Path directory, List<PackageSource> sources) {
        this.directory = directory;
        this.sources = sources;
    }

    /** Where the command keeps its cache: {@code XDG_CACHE_HOME}, else {@code .cache} in the home directory. */
    static Path defaultDirectory() {
        var configured = System.getenv("XDG_CACHE_HOME");
        var base = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        return base.resolve("thalweg");
    }

    boolean has(Dataset dataset) {
        return Files.exists(directory.resolve(dataset.cacheName()));
    }

    /** The file, fetched if it is not there. */
    Path get(Dataset dataset) throws IOException {
        var cached = directory.resolve(dataset.cacheName());
        if (Files.exists(cached)) {
            check(cached, dataset, "cached file " + cached, "Delete it, and it will be fetched again.");
            return cached;
        }
        Files.createDirectories(directory);
        var work = Files.createTempDirectory(directory, "fetch-");
        try {
            var archive = fetch(dataset, work);
            var extracted = work.resolve(dataset.fileName());
            TarArchive.extract(archive, dataset.entry(), extracted);
            check(extracted, dataset, "file that was fetched", "Use a file of your own with --file.");
            return Files.move(extracted, cached, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Directories.delete(work);
        }
    }

    private Path fetch(Dataset dataset, Path work) {
        var reasons = new ArrayList<String>();
        for (var source : sources) {
            try {
                return source.fetch(dataset.packageName(), dataset.version(), work);
            } catch (IOException e) {
                reasons.add(source.name() + ": " + e.getMessage());
            }
        }
        throw new CommandException(
                ExitCode.NO_INPUT,
                "the demo's data, " + dataset + ", cannot be fetched: " + String.join("; ", reasons),
                "Work offline with a file of your own: thalweg demo --file FILE --key-field NAME",
                null);
    }

    private static void check(Path file, Dataset dataset, String what, String advice) throws IOException {
        var found = sha256(file);
        if (!found.equals(dataset.sha256())) {
            throw new CommandException(
                    ExitCode.NO_INPUT,
                    what + " is not " + dataset + ": its SHA-256 is " + found + ", expected " + dataset.sha256(),
                    advice,
                    null);
        }
    }

    static String sha256(Path file) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
