package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatasetCacheTest {

    private static final String CONTENT = "origin\nDFW\n";

    private final AtomicInteger fetches = new AtomicInteger();

    private static Dataset dataset(String sha256) {
        return new Dataset("small-data", "1.0.0", "package/data/flights.csv", sha256, "origin", "somebody", "open");
    }

    private static Dataset datasetOf(Path directory, String content) throws IOException {
        return dataset(DatasetCache.sha256(Files.writeString(directory.resolve("content"), content)));
    }

    /** Serves an archive with this content, or fails if there is none. */
    private final class TestSource implements PackageSource {

        private final String content;

        TestSource(String content) {
            this.content = content;
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public Path fetch(String packageName, String version, Path target) throws IOException {
            fetches.incrementAndGet();
            if (content.isEmpty()) {
                throw new IOException("no network");
            }
            var archive = target.resolve("archive.tgz");
            try (var out = new GZIPOutputStream(Files.newOutputStream(archive))) {
                out.write(entry("package/README.md", "a file before it"));
                out.write(entry("package/data/flights.csv", content));
                out.write(new byte[1024]);
            }
            return archive;
        }
    }

    private static byte[] entry(String name, String content) throws IOException {
        var header = new byte[512];
        var nameBytes = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(nameBytes, 0, header, 0, nameBytes.length);
        var bytes = content.getBytes(StandardCharsets.UTF_8);
        var size = String.format(Locale.ROOT, "%011o", bytes.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(size, 0, header, 124, size.length);
        var out = new ByteArrayOutputStream();
        out.write(header);
        out.write(bytes);
        out.write(new byte[(512 - bytes.length % 512) % 512]);
        return out.toByteArray();
    }

    @Test
    void fileIsFetchedOnceAndKept(@TempDir Path directory) throws IOException {
        var cache = new DatasetCache(directory.resolve("cache"), List.of(new TestSource(CONTENT)));
        var dataset = datasetOf(directory, CONTENT);

        var first = cache.get(dataset);
        var second = cache.get(dataset);

        assertThat(first).isEqualTo(second).hasContent(CONTENT);
        assertThat(fetches).hasValue(1);
        assertThat(directory.resolve("cache"))
                .isDirectoryNotContaining(path -> path.toString().contains("fetch-"));
    }

    @Test
    void fetchedFileWithAnotherChecksumIsRefusedAndNotKept(@TempDir Path directory) throws IOException {
        var cache = new DatasetCache(directory.resolve("cache"), List.of(new TestSource("origin\nEVIL\n")));
        var dataset = datasetOf(directory, CONTENT);

        assertThatThrownBy(() -> cache.get(dataset))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("SHA-256")
                .hasMessageContaining("expected " + dataset.sha256());
        assertThat(cache.has(dataset)).isFalse();
    }

    @Test
    void cachedFileThatWasChangedIsRefused(@TempDir Path directory) throws IOException {
        var cache = new DatasetCache(directory.resolve("cache"), List.of(new TestSource(CONTENT)));
        var dataset = datasetOf(directory, CONTENT);
        Files.writeString(cache.get(dataset), "origin\nCHANGED\n");

        assertThatThrownBy(() -> cache.get(dataset)).hasMessageContaining("cached file");
    }

    @Test
    void whenNoSourceHasItEachReasonIsToldAndAWayOut(@TempDir Path directory) {
        var cache = new DatasetCache(directory.resolve("cache"), List.of(new TestSource(""), new TestSource("")));

        assertThatThrownBy(() -> cache.get(dataset("0".repeat(64))))
                .hasMessageContaining("test: no network; test: no network")
                .satisfies(failure -> {
                    var explained = (CommandException) failure;
                    assertThat(explained.exitCode()).isEqualTo(ExitCode.NO_INPUT);
                    assertThat(explained.advice()).contains("--file");
                });
    }
}
