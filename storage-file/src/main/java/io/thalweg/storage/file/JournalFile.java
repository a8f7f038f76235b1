package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One of the two files of a journal: written over from its beginning again and again, never grown or shortened while in use, since a
 * sync that changes nothing but blocks which are there already is the cheapest. Owned by the holder of the journal's lock.
 */
final class JournalFile {

    private final LogDirectory directory;
    private final Disk disk;
    private final Path path;
    private final SortedMap<LogId, LogSync> logs = new TreeMap<>(LogRegistry.ORDER);
    private Disk.@Nullable File file;
    private int position;
    private boolean isFree = true;

    JournalFile(LogDirectory directory, String name) {
        this.directory = directory;
        this.disk = directory.disk();
        this.path = directory.path().resolve(name);
    }

    Path path() {
        return path;
    }

    /** Opens the file, with blocks of zeros if it is not of that size yet. */
    void prepare(int sizeInBytes) throws IOException {
        if (isOfSize(sizeInBytes)) {
            file = disk.open(path, false);
            return;
        }
        // A file of another size goes first, durably: what is left of it must not be taken for later blocks.
        disk.delete(path);
        directory.syncNames();
        create(sizeInBytes);
        file = disk.open(path, false);
    }

    private void create(int sizeInBytes) throws IOException {
        var isDurable = false;
        try (var created = disk.open(path, true)) {
            fill(created, sizeInBytes);
            created.sync();
            isDurable = true;
        } finally {
            if (!isDurable) {
                // It has its size, so that the next start would use it, or it takes room that logs have need of.
                disk.delete(path);
            }
        }
    }

    private boolean isOfSize(int sizeInBytes) throws IOException {
        try (var found = disk.open(path, false)) {
            return found.size() == sizeInBytes;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void fill(Disk.File target, int sizeInBytes) throws IOException {
        var zeros = ByteBuffer.allocateDirect(Math.min(sizeInBytes, ScratchBuffers.BUFFER_BYTES));
        for (var at = 0; at < sizeInBytes; at += zeros.limit()) {
            zeros.clear().limit(Math.min(zeros.capacity(), sizeInBytes - at));
            target.write(new ByteBuffer[] {zeros}, at);
        }
    }

    /** Where the next block goes. */
    int position() {
        return position;
    }

    void write(ByteBuffer block) throws IOException {
        var size = block.remaining();
        opened().write(new ByteBuffer[] {block}, position);
        position += size;
    }

    void sync() throws IOException {
        opened().sync();
    }

    private Disk.File opened() {
        var found = file;
        if (found == null) {
            throw new IllegalStateException("journal file " + path + " is not open");
        }
        return found;
    }

    /** Notes a log of which the file has entries, until it is written over or the log leaves. */
    void holds(LogId id, LogSync log) {
        logs.put(id, log);
    }

    boolean hasEntriesOf(LogId id) {
        return logs.containsKey(id);
    }

    void left(LogId id) {
        logs.remove(id);
    }

    List<LogSync> logs() {
        return new ArrayList<>(logs.values());
    }

    /** Whether everything in the file is durable in the logs themselves, so that it may be written over. */
    boolean isFree() {
        return isFree;
    }

    void free() {
        isFree = true;
    }

    /** Begins anew, over what was there. */
    void restart() {
        position = 0;
        isFree = false;
        logs.clear();
    }

    void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
