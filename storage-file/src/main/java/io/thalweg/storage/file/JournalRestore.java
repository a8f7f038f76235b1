package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts entries of a journal back into the logs, many at a time, so that a file with many entries is opened once, and several logs at once.
 * Owned by the thread that calls it; what it has others do is about one log each.
 */
final class JournalRestore {

    private static final Logger logger = LoggerFactory.getLogger(JournalRestore.class);

    /** So much is kept in memory before it is written. */
    private static final long GATHERED_BYTES = 32L << 20;

    private final Disk disk;
    private final Path directory;
    private final Executor helpers;

    /** By log, up to which position its segments are there. */
    private final NavigableMap<LogId, SortedMap<Long, Integer>> logs = new ConcurrentSkipListMap<>(LogRegistry.ORDER);

    /** Logs in whose place there is another. */
    private final Set<LogId> strangers = new ConcurrentSkipListSet<>(LogRegistry.ORDER);

    /** By directory, what goes there, in the order it was journaled. */
    private final SortedMap<String, List<Piece>> gathered = new TreeMap<>();

    private final AtomicLong sizeInBytes = new AtomicLong();
    private long gatheredBytes;

    private record Piece(LogId id, long baseOffset, int position, ByteBuffer bytes) {

        int end() {
            return position + bytes.remaining();
        }

        boolean isOfFile(Piece first) {
            return baseOffset == first.baseOffset && id.equals(first.id);
        }
    }

    /** Restores into the logs below a directory with the help of some threads. */
    JournalRestore(Disk disk, Path directory, Executor helpers) {
        this.disk = disk;
        this.directory = directory;
        this.helpers = helpers;
    }

    void put(JournalEntry entry) throws IOException {
        var bytes = ByteBuffer.allocate(entry.bytes().remaining())
                .put(entry.bytes())
                .flip();
        gathered.computeIfAbsent(entry.id().toString(), name -> new ArrayList<>(1))
                .add(new Piece(entry.id(), entry.baseOffset(), entry.position(), bytes));
        gatheredBytes += bytes.remaining();
        if (gatheredBytes >= GATHERED_BYTES) {
            write();
        }
    }

    /** Restores what is left, and gives what was restored, which is not durable there. */
    JournalRemains finish() throws IOException {
        write();
        logger.info("{}: put back {} bytes of {} logs from the journal", directory, sizeInBytes, logs.size());
        return new JournalRemains(disk, directory, logs);
    }

    private void write() throws IOException {
        SharedWork.forEach(List.copyOf(gathered.values()), helpers, this::write);
        gathered.clear();
        gatheredBytes = 0;
    }

    private void write(List<Piece> pieces) throws IOException {
        for (var from = 0; from < pieces.size(); ) {
            var to = from + 1;
            while (to < pieces.size() && pieces.get(to).isOfFile(pieces.get(from))) {
                to++;
            }
            if (isHere(pieces.get(from).id())) {
                writeFile(pieces.subList(from, to));
            }
            from = to;
        }
    }

    private void writeFile(List<Piece> pieces) throws IOException {
        var id = pieces.get(0).id();
        var base = pieces.get(0).baseOffset();
        var ends = logs.computeIfAbsent(id, key -> new TreeMap<>());
        try (var file = disk.open(LogFiles.log(home(id), base), true)) {
            for (var from = 0; from < pieces.size(); ) {
                var to = from + 1;
                while (to < pieces.size()
                        && pieces.get(to).position() == pieces.get(to - 1).end()) {
                    to++;
                }
                write(file, pieces.subList(from, to));
                ends.merge(base, pieces.get(to - 1).end(), Math::max);
                from = to;
            }
        }
    }

    /** Writes pieces that adjoin. */
    private void write(Disk.File file, List<Piece> pieces) throws IOException {
        var position = pieces.get(0).position();
        sizeInBytes.addAndGet(pieces.get(pieces.size() - 1).end() - position);
        file.write(pieces.stream().map(piece -> piece.bytes().duplicate()).toArray(ByteBuffer[]::new), position);
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
}
