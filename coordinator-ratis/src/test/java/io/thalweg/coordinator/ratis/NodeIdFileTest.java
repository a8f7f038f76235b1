package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeIdFileTest {

    @TempDir
    private Path directory;

    @Test
    void aDirectoryIsThatOfTheFirstNodeThatBeganWithIt() throws IOException {
        var own = directory.resolve("metadata");
        NodeIdFile.claim(own, 2);
        NodeIdFile.claim(own, 2);

        assertThatThrownBy(() -> NodeIdFile.claim(own, 3))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("node.id=3", "node 2", own.toString());
    }

    @Test
    void theHighestIdIsKnownAgain() throws IOException {
        NodeIdFile.claim(directory, Integer.MAX_VALUE);

        assertThatThrownBy(() -> NodeIdFile.claim(directory, 3)).hasMessageContaining("node " + Integer.MAX_VALUE);
    }

    /** A crash may leave it so. */
    @Test
    void aFileThatSaysNothingIsWrittenAnew() throws IOException {
        Files.writeString(directory.resolve(NodeIdFile.FILE_NAME), "version: 0\nno");
        NodeIdFile.claim(directory, 3);

        assertThat(directory.resolve(NodeIdFile.FILE_NAME)).hasContent("version: 0\nnode_id: 3\n");
        assertThatThrownBy(() -> NodeIdFile.claim(directory, 2)).isInstanceOf(ConfigException.class);
    }

    @Test
    void aMemberDoesNotOpenTheLogOfAnotherOne() throws IOException {
        try (var rig = new QuorumRig(directory, 3)) {
            NodeIdFile.claim(directory.resolve("node-1").resolve("__cluster_metadata"), 2);

            assertThatThrownBy(() -> rig.open(1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("is that of node 2");
        }
    }
}
