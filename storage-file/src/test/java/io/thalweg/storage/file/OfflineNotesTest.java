package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OfflineNotesTest {

    /** What is believed of it need not be what lies there, such as a replacement of segments that did not come about. */
    @Test
    void nothingIsNotedInADirectoryThatIsOffline(@TempDir Path path) throws IOException {
        var disk = new LocalDisk();
        var directory = LogDirectory.lock(disk, path, 0, Runnable::run, new DiskFailure(disk, path, new OpenFiles(1)));
        var note = path.resolve("note");
        directory.replace(note, ByteBuffer.wrap(new byte[] {1}));
        directory.fail("a rename", new IOException("Input/output error"));

        assertThatThrownBy(() -> directory.replace(note, ByteBuffer.wrap(new byte[] {2})))
                .isInstanceOf(StorageException.Offline.class);

        assertThat(Files.readAllBytes(note)).containsExactly(1);
        directory.unlock();
    }
}
