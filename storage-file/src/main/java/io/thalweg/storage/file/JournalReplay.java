package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is found in the files of a journal, and how it is put back into the logs: each entry at its place, in the order they were
 * written, so that doing it twice, or once and a half, is as good as once. Confined to one call.
 */
final class JournalReplay {

    private static final Logger logger = LoggerFactory.getLogger(JournalReplay.class);

    /** So much is kept in memory, so that a file with many entries is opened once and not for each. */
    private static final long GATHERED_BYTES = 32L << 20;

    private final Disk disk;

    /** The files that begin with a block, in the order of these. */
    private final List<JournalScan> scans;

    private JournalReplay(Disk disk, List<JournalScan> scans) {
        this.disk = disk;
        this.scans = scans;
    }

    /** Reads the files that are there, made durable first if a process that died may have written to them. */
    static JournalReplay find(Disk disk, List<Path> paths, boolean makeDurable) throws IOException {
        var scans = new ArrayList<JournalScan>();
        for (var path : paths) {
            try {
                if (makeDurable) {
                    SmallFiles.sync(disk, path);
                }
                scans.add(JournalScan.of(disk, path));
            } catch (NoSuchFileException e) {
                logger.debug("there is no {}", path);
            }
        }
        scans.sort(Comparator.comparingLong(JournalScan::firstSequence));
        return new JournalReplay(disk, scans).checked();
    }

    /** A block that was durable must be here. */
    private JournalReplay checked() {
        var last = -1L;
        for (var scan : scans) {
            if (scan.hasEntries()) {
                if (last >= 0 && scan.firstSequence() != last + 1) {
                    throw damage(scan, "blocks " + (last + 1) + " to " + (scan.firstSequence() - 1) + " are missing");
                }
                last = scan.lastSequence();
            }
        }
        for (var scan : scans) {
            if (scan.durableBelow() > lastSequence() + 1) {
                throw damage(scan, "block " + (lastSequence() + 1) + " was durable and cannot be read");
            }
        }
        return this;
    }

    private static StorageException damage(JournalScan scan, String what) {
        return new StorageException.Corrupt(
                scan.path() + ": " + what
                        + "; nothing was changed. Without the two files of the journal the directory opens,"
                        + " and what was acknowledged last may be lost",
                null);
    }

    /** The greatest sequence there is; 0 without any. */
    long lastSequence() {
        return scans.stream().mapToLong(JournalScan::lastSequence).max().orElse(0);
    }

    boolean hasEntries() {
        return scans.stream().anyMatch(JournalScan::hasEntries);
    }

    List<Path> oldestFirst() {
        return scans.stream().map(JournalScan::path).toList();
    }

    /** Puts the entries back into the logs below a directory, which does not make them durable there. */
    JournalRemains replay(Path directory) throws IOException {
        var left = new TreeMap<LogId, Long>(LogRegistry.ORDER);
        each((sequence, entry) -> {
            if (!entry.isBytes()) {
                left.put(entry.id(), sequence);
            }
        });
        var restored = new Restored(disk, directory);
        each((sequence, entry) -> {
            if (entry.isBytes() && sequence > left.getOrDefault(entry.id(), -1L)) {
                restored.put(entry);
            }
        });
        return restored.finish();
    }

    private void each(Visitor visitor) throws IOException {
        for (var scan : scans) {
            scan.each(block -> {
                var entries = block.entries();
                while (entries.hasRemaining()) {
                    visitor.visit(block.sequence(), JournalEntry.next(entries));
                }
            });
        }
    }

    private interface Visitor {
        void visit(long sequence, JournalEntry entry) throws IOException;
    }

    /** The logs that got something back. */
    private static final class Restored {

        private final Disk disk;
        private final Path directory;

        /** By log, up to which position its segments are there. */
        private final SortedMap<LogId, SortedMap<Long, Integer>> logs = new TreeMap<>(LogRegistry.ORDER);

        /** Logs in whose place there is another. */
        private final Set<LogId> strangers = new TreeSet<>(LogRegistry.ORDER);

        /** By file, what goes there, in the order it was journaled. */
        private final SortedMap<Path, List<Piece>> gathered = new TreeMap<>();

        private long gatheredBytes;
        private long sizeInBytes;

        private record Piece(int position, ByteBuffer bytes) {}

        Restored(Disk disk, Path directory) {
            this.disk = disk;
            this.directory = directory;
        }

        void put(JournalEntry entry) throws IOException {
            if (!isHere(entry.id())) {
                return;
            }
            var end = entry.position() + entry.bytes().remaining();
            logs.computeIfAbsent(entry.id(), id -> new TreeMap<>()).merge(entry.baseOffset(), end, Math::max);
            var bytes = ByteBuffer.allocate(entry.bytes().remaining())
                    .put(entry.bytes())
                    .flip();
            sizeInBytes += bytes.remaining();
            gatheredBytes += bytes.remaining();
            gathered.computeIfAbsent(LogFiles.log(home(entry.id()), entry.baseOffset()), path -> new ArrayList<>(1))
                    .add(new Piece(entry.position(), bytes));
            if (gatheredBytes >= GATHERED_BYTES) {
                write();
            }
        }

        /** Opens each file once for all that was gathered for it. */
        private void write() throws IOException {
            for (var entry : gathered.entrySet()) {
                try (var file = disk.open(entry.getKey(), true)) {
                    for (var piece : entry.getValue()) {
                        file.write(new ByteBuffer[] {piece.bytes()}, piece.position());
                    }
                }
            }
            gathered.clear();
            gatheredBytes = 0;
        }

        private boolean isHere(LogId id) throws IOException {
            if (logs.containsKey(id)) {
                return true;
            }
            if (strangers.contains(id) || !claim(id)) {
                strangers.add(id);
                return false;
            }
            return true;
        }

        private Path home(LogId id) {
            return directory.resolve(id.toString());
        }

        /** Whether the directory is that of the log; it becomes so if it is nobody's. */
        private boolean claim(LogId id) throws IOException {
            var metadata = home(id).resolve(PartitionMetadata.FILE_NAME);
            try {
                var owner = PartitionMetadata.decode(SmallFiles.read(disk, metadata));
                if (owner.isPresent() && !owner.get().equals(id.topicId())) {
                    logger.warn(
                            "{}: the journal has bytes of topic id {}, the directory is that of {}; they are left out",
                            id,
                            id.topicId(),
                            owner.get());
                    return false;
                }
                if (owner.isPresent()) {
                    return true;
                }
            } catch (NoSuchFileException e) {
                disk.createDirectories(home(id));
            }
            SmallFiles.write(disk, metadata, PartitionMetadata.encode(id.topicId()));
            return true;
        }

        JournalRemains finish() throws IOException {
            write();
            logger.info("{}: put back {} bytes of {} logs from the journal", directory, sizeInBytes, logs.size());
            return new JournalRemains(disk, directory, logs);
        }
    }
}
