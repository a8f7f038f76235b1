package io.thalweg.samples.onefile;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.ObjLongConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file: entries one after the other, each after four bytes of its length and four of its CRC-32C. Nothing in it ever changes but its
 * end.
 *
 * <p>Any thread. The first failure of a write or a sync is final: what the file holds then is known only after it is opened anew.
 */
final class Journal implements AutoCloseable {

    private static final int HEADER_BYTES = 8;

    private final FileChannel channel;

    @GuardedBy("this") private long end;

    private volatile boolean failed;

    private Journal(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the file and replays every entry with its position; what a crash left half-written at the end is cut off. */
    static Journal open(Path path, ObjLongConsumer<Entry> replay) {
        try {
            var channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            var journal = new Journal(channel);
            try {
                journal.lock(path);
                journal.replay(replay);
                return journal;
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StorageException.Offline("journal " + path + " cannot be opened", e);
        }
    }

    private void lock(Path path) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // Another engine of this process has it; said below.
        }
        throw new StorageException.Fenced("journal " + path + " is in use by another broker");
    }

    private synchronized void replay(ObjLongConsumer<Entry> replay) throws IOException {
        for (var bytes = bytesAt(end); bytes != null; bytes = bytesAt(end)) {
            var length = bytes.remaining();
            replay.accept(Entry.decode(bytes), end);
            end += HEADER_BYTES + length;
        }
        channel.truncate(end);
    }

    /** Writes the entries; gives the position of each. */
    synchronized long[] append(List<Entry> entries) {
        checkUsable();
        var positions = new long[entries.size()];
        try {
            for (var i = 0; i < positions.length; i++) {
                positions[i] = end;
                write(entries.get(i).encode());
            }
            return positions;
        } catch (IOException e) {
            failed = true;
            throw new StorageException.Offline("the journal could not be written at position " + end, e);
        }
    }

    @GuardedBy("this") private void write(ByteBuffer bytes) throws IOException {
        var whole = ByteBuffer.allocate(HEADER_BYTES + bytes.remaining())
                .putInt(bytes.remaining())
                .putInt(checksum(bytes))
                .put(bytes)
                .flip();
        while (whole.hasRemaining()) {
            end += channel.write(whole, end);
        }
    }

    /** Makes all that was appended durable. */
    void force() {
        checkUsable();
        try {
            channel.force(false);
        } catch (IOException e) {
            failed = true;
            throw new StorageException.Offline("the journal could not be synced", e);
        }
    }

    Entry read(long position) {
        try {
            var bytes = bytesAt(position);
            if (bytes == null) {
                throw new StorageException.Corrupt(
                        "the journal's entry at position " + position + " is not what was written", null);
            }
            return Entry.decode(bytes);
        } catch (IOException e) {
            throw new StorageException.Offline("the journal could not be read at position " + position, e);
        }
    }

    /** The entry at the position, or null if there is no whole one. */
    private @Nullable ByteBuffer bytesAt(long position) throws IOException {
        var header = fully(ByteBuffer.allocate(HEADER_BYTES), position);
        if (header.hasRemaining()) {
            return null;
        }
        var length = header.getInt(0);
        if (length <= 0 || length > channel.size() - position - HEADER_BYTES) {
            return null;
        }
        var bytes = fully(ByteBuffer.allocate(length), position + HEADER_BYTES);
        return bytes.hasRemaining() || checksum(bytes.flip()) != header.getInt(Integer.BYTES) ? null : bytes;
    }

    private ByteBuffer fully(ByteBuffer target, long position) throws IOException {
        while (target.hasRemaining() && channel.read(target, position + target.position()) >= 0) {
            // Until it is full or the file ends.
        }
        return target;
    }

    private static int checksum(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    private void checkUsable() {
        if (failed) {
            throw new StorageException.Offline("the journal is out of use since it could not be written", null);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StorageException.Offline("the journal could not be closed", e);
        }
    }
}
