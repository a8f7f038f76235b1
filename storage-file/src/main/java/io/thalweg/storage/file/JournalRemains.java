package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a crash has left in a journal and was put back into the logs, where it is not durable until it was synced: a start need not wait
 * for that, as long as the journal stays as it is. Any thread.
 */
final class JournalRemains {

    private static final Logger logger = LoggerFactory.getLogger(JournalRemains.class);

    private final Disk disk;
    private final Path directory;

    /** By log, up to which position each of its segments was put back, by base offset. Not changed. */
    private final SortedMap<LogId, SortedMap<Long, Integer>> logs;

    JournalRemains(Disk disk, Path directory, SortedMap<LogId, SortedMap<Long, Integer>> logs) {
        this.disk = disk;
        this.directory = directory;
        this.logs = logs;
    }

    boolean holds(LogId id) {
        return logs.containsKey(id);
    }

    /** Up to which position a segment is durable with the help of the journal; 0 if that has nothing of it. */
    int coveredBytes(LogId id, long baseOffset) {
        var segments = logs.get(id);
        return segments == null ? 0 : segments.getOrDefault(baseOffset, 0);
    }

    /** Makes all of it durable in the logs. */
    void sync() throws IOException {
        for (var log : logs.entrySet()) {
            var home = directory.resolve(log.getKey().toString());
            for (var baseOffset : log.getValue().keySet()) {
                SmallFiles.sync(disk, LogFiles.log(home, baseOffset));
            }
            SmallFiles.sync(disk, home.resolve(PartitionMetadata.FILE_NAME));
            disk.syncDirectory(home);
        }
        disk.syncDirectory(directory);
        logger.info("{}: what the journal had of {} logs is durable in these", directory, logs.size());
    }
}
