package io.thalweg.coordinator.ratis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots as files, in the directory and under the names that Ratis looks for: {@code snapshot.TERM_INDEX}, and beside each a file with
 * its MD5, without which Ratis sends it to nobody.
 *
 * <pre>
 *  offset  bytes
 *  0       4      the version, 1
 *  4       8      the end offset: the snapshot stands for what lies below it
 *  12      4      how many records
 *  16             the records, each with its length before it, four bytes
 *          8      the CRC-32C of all that is before
 * </pre>
 *
 * <p>Owned by the state machine; one call at a time.
 */
final class SnapshotFiles extends SimpleStateMachineStorage {

    private static final int VERSION = 1;
    private static final String UNFINISHED = ".unfinished";

    /** Writes a snapshot; it is durable and the newest on return. */
    void write(Snapshot snapshot, TermIndex last) throws IOException {
        var file = getSnapshotFile(last.getTerm(), last.getIndex()).toPath();
        var unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        try (var channel = FileChannel.open(
                        unfinished,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                var out = Channels.newOutputStream(channel)) {
            var checked = new CheckedOutputStream(new BufferedOutputStream(out), new CRC32C());
            writeTo(new DataOutputStream(checked), snapshot, checked);
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        var digest = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
        syncDirectory(file);
        updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file, digest), last.getTerm(), last.getIndex()));
    }

    private static void writeTo(DataOutputStream out, Snapshot snapshot, CheckedOutputStream checked)
            throws IOException {
        out.writeInt(VERSION);
        out.writeLong(snapshot.endOffset());
        RecordCodec.write(out, snapshot.records());
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    private static void syncDirectory(Path file) throws IOException {
        var directory = file.getParent();
        if (directory != null) {
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** The newest snapshot, or null if there is none. */
    @Nullable Snapshot read() throws IOException {
        var newest = loadLatestSnapshot();
        return newest == null ? null : read(newest.getFile().getPath(), newest.getTerm());
    }

    private static Snapshot read(Path file, long term) throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            var checked = new CheckedInputStream(in, new CRC32C());
            var values = new DataInputStream(checked);
            var version = values.readInt();
            if (version != VERSION) {
                throw new IOException("snapshot " + file + " has version " + version + ": expected " + VERSION);
            }
            var snapshot = new Snapshot(values.readLong(), term, RecordCodec.read(values));
            var checksum = checked.getChecksum().getValue();
            var written = values.readLong();
            if (written != checksum) {
                throw new IOException("snapshot " + file + " has checksum " + checksum + ": expected " + written);
            }
            return snapshot;
        }
    }
}
