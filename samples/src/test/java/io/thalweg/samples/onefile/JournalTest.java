package io.thalweg.samples.onefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets up before each test
final class JournalTest {

    private static final LogId ID = new LogId("orders", new UUID(1, 2), 3);
    private static final List<Entry> ENTRIES = List.of(batch(0), batch(10), Entry.cut(Entry.Kind.TRUNCATE, ID, 10));

    @TempDir
    private Path directory;

    private Path path;
    private long[] positions;

    private static Entry batch(long offset) {
        var payload = ByteBuffer.wrap(new byte[] {1, 2, 3, (byte) offset});
        return new Entry(Entry.Kind.BATCH, ID, offset, offset + 9, 77, "", payload);
    }

    @BeforeEach
    void writeEntries() {
        path = directory.resolve("journal");
        try (var journal = Journal.open(path, (entry, position) -> {})) {
            positions = journal.append(ENTRIES);
        }
    }

    private List<Entry> replayed() {
        var entries = new ArrayList<Entry>();
        Journal.open(path, (entry, position) -> entries.add(entry)).close();
        return entries;
    }

    @Test
    void everyEntryIsReplayedAsItWasWritten() {
        assertThat(replayed()).isEqualTo(ENTRIES);
    }

    @Test
    void entryThatIsCutOffAnywhereIsDroppedAndTheRestStays() throws IOException {
        var whole = Files.readAllBytes(path);
        for (var length = (int) positions[2]; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));

            assertThat(replayed()).as("cut at %s", length).isEqualTo(ENTRIES.subList(0, 2));
            assertThat(Files.size(path)).isEqualTo(positions[2]);
        }
    }

    @Test
    void changedByteIsRefused() throws IOException {
        try (var journal = Journal.open(path, (entry, position) -> {})) {
            try (var file = Files.newByteChannel(path, StandardOpenOption.WRITE)) {
                var unused = file.position(positions[1] + 20).write(ByteBuffer.wrap(new byte[] {99}));
            }

            assertThat(journal.read(positions[0])).isEqualTo(ENTRIES.get(0));
            assertThatThrownBy(() -> journal.read(positions[1]))
                    .isInstanceOf(StorageException.Corrupt.class)
                    .hasMessageContaining("position " + positions[1]);
        }
    }

    @Test
    void fileIsUsedByOneAtATime() {
        var journal = Journal.open(path, (entry, position) -> {});

        assertThatThrownBy(() -> Journal.open(path, (entry, position) -> {}))
                .isInstanceOf(StorageException.Fenced.class)
                .hasMessageContaining(path.toString());
        journal.close();
        assertThat(replayed()).isEqualTo(ENTRIES);
    }
}
