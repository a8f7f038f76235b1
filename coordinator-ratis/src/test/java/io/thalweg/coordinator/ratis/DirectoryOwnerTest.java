package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryOwnerTest {

    @TempDir
    private Path directory;

    @Test
    void aDirectoryIsThatOfTheFirstNodeThatBeganWithIt() throws IOException {
        var own = directory.resolve("metadata");
        DirectoryOwner.claim(own, 2);
        DirectoryOwner.claim(own, 2);

        assertThatThrownBy(() -> DirectoryOwner.claim(own, 3))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("node.id=3", "node 2", own.toString());
    }

    /** A crash may leave it so. */
    @Test
    void aFileThatSaysNothingIsWrittenAnew() throws IOException {
        Files.writeString(directory.resolve(DirectoryOwner.FILE_NAME), "version: 0\nno");
        DirectoryOwner.claim(directory, 3);

        assertThat(directory.resolve(DirectoryOwner.FILE_NAME)).hasContent("version: 0\nnode_id: 3\n");
        assertThatThrownBy(() -> DirectoryOwner.claim(directory, 2)).isInstanceOf(ConfigException.class);
    }

    @Test
    void aMemberDoesNotOpenTheLogOfAnotherOne() throws IOException {
        try (var rig = new QuorumRig(directory, 3)) {
            DirectoryOwner.claim(directory.resolve("node-1").resolve("__cluster_metadata"), 2);

            assertThatThrownBy(() -> rig.open(1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("is that of node 2");
        }
    }
}
