package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is found in the files of a journal, and how it is put back into the logs: each entry at its place, in the order they were
 * written, so that doing it twice, or once and a half, is as good as once. Confined to one call.
 */
final class JournalReplay {

    private static final Logger logger = LoggerFactory.getLogger(JournalReplay.class);

    private final Disk disk;

    /** The files that begin with a block, in the order of these. */
    private final List<JournalScan> scans;

    private JournalReplay(Disk disk, List<JournalScan> scans) {
        this.disk = disk;
        this.scans = scans;
    }

    /** Reads the files that are there. */
    static JournalReplay find(Disk disk, List<Path> paths) throws IOException {
        var scans = new ArrayList<JournalScan>();
        for (var path : paths) {
            try {
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

    /** Puts the entries back into the logs below a directory with the help of some threads, which does not make them durable there. */
    JournalRemains replay(Path directory, Executor helpers) throws IOException {
        var left = new TreeMap<LogId, Long>(LogRegistry.ORDER);
        each((sequence, entry) -> {
            if (!entry.isBytes()) {
                left.put(entry.id(), sequence);
            }
        });
        var restore = new JournalRestore(disk, directory, helpers);
        each((sequence, entry) -> {
            if (entry.isBytes() && sequence > left.getOrDefault(entry.id(), -1L)) {
                restore.put(entry);
            }
        });
        return restore.finish();
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
}
