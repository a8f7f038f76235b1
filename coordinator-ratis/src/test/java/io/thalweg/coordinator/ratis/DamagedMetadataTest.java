package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DamagedMetadataTest {

    /** Behind the eight bytes that a file of the log begins with, and the length of its first entry. */
    private static final int WITHIN_FIRST_ENTRY = 12;

    @TempDir
    private Path directory;

    @Test
    void aVoterWhoseLogIsDamagedSaysWhereItIsAndWhatToDo() throws Exception {
        try (var rig = new QuorumRig(directory, 3)) {
            rig.form();
            var metadata = directory.resolve("node-1").resolve("__cluster_metadata");
            flip(firstFile(metadata.resolve(QuorumPeers.GROUP_ID.getUuid().toString())));

            assertThatThrownBy(() -> rig.open(1).close())
                    .hasMessageContainingAll(metadata.toString(), "corrupted", "move that directory away");
        }
    }

    /** What lies at the bottom of it says nothing at all. */
    @Test
    void aDirectoryThatAnotherOneWorksWithIsSaidToBeLocked() {
        try (var rig = new QuorumRig(directory, 3);
                var one = rig.open(1)) {
            assertThatThrownBy(() -> rig.open(1).close())
                    .as("while %s works with it", one)
                    .hasMessageContaining("already locked");
        }
    }

    private static Path firstFile(Path group) throws IOException {
        try (var files = Files.list(group.resolve("current"))) {
            return files.filter(file -> file.getFileName().toString().matches("log_(inprogress_0|0-\\d+)"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void flip(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var one = ByteBuffer.allocate(1);
            channel.read(one, WITHIN_FIRST_ENTRY);
            one.put(0, (byte) (one.get(0) ^ 1)).rewind();
            channel.write(one, WITHIN_FIRST_ENTRY);
        }
    }
}
