package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DirectoryIdentityTest {

    private final LocalDisk disk = new LocalDisk();
    private final Random random = new Random(1);

    @TempDir
    @SuppressWarnings("NullAway.Init") // Set before each test.
    private Path directory;

    /** What an engine gives or finds. */
    private UUID id() throws IOException {
        var failures = new DiskFailure(disk, directory, new OpenFiles(1));
        var locked = LogDirectory.lock(disk, directory, 0, Runnable::run, failures);
        try {
            return DirectoryIdentity.of(locked, random);
        } finally {
            locked.unlock();
        }
    }

    @Test
    void aDirectoryKeepsTheIdItWasGiven() throws IOException {
        var first = id();

        assertThat(id()).isEqualTo(first);
        assertThat(Files.readString(directory.resolve("directory-id")))
                .isEqualTo("version: 0\ndirectory_id: " + first + "\n");
    }

    @Test
    void theEngineTellsIt() throws IOException {
        try (var opened = new Fixture(directory)) {
            assertThat(((FileEngine) opened.engine).directoryIds())
                    .containsExactly(DirectoryIdentity.read(disk, directory).orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "version: 0\n", "version: 1\ndirectory_id: 00000000-0000-0001-0000-000000000002\n", "a\nb\n"
            })
    void whatIsNoIdIsReplaced(String text) throws IOException {
        Files.writeString(directory.resolve("directory-id"), text);

        var given = id();

        assertThat(id()).isEqualTo(given);
    }

    @Test
    void aClusterIsNotedOnce() throws IOException {
        try (var opened = new Fixture(directory)) {
            var engine = (FileEngine) opened.engine;

            engine.noteCluster("first");
            engine.noteCluster("second");

            assertThat(engine.clusterIds()).containsExactly("first");
        }
        assertThat(Files.readString(directory.resolve("cluster-id"))).isEqualTo("version: 0\ncluster_id: first\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "version: 0\ncluster_id: \n", "version: 1\ncluster_id: x\n"})
    void whatNamesNoClusterIsReplaced(String text) throws IOException {
        try (var opened = new Fixture(directory)) {
            var engine = (FileEngine) opened.engine;
            Files.writeString(directory.resolve("cluster-id"), text);
            assertThat(engine.clusterIds()).isEmpty();

            engine.noteCluster("known");

            assertThat(engine.clusterIds()).containsExactly("known");
        }
    }
}
