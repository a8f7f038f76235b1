package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a crash has left in a journal and was put back into the logs, where it is not durable until it was synced: a start need not wait
 * for that, as long as the journal stays as it is. Any thread.
 */
final class JournalRemains {

    private static final Logger logger = LoggerFactory.getLogger(JournalRemains.class);

    /** In the order of ids. */
    private static final UUID LEAST_TOPIC_ID = new UUID(Long.MIN_VALUE, Long.MIN_VALUE);

    private final Disk disk;
    private final Path directory;

    /** By log, up to which position each of its segments was put back, by base offset. Not changed. */
    private final NavigableMap<LogId, SortedMap<Long, Integer>> logs;

    JournalRemains(Disk disk, Path directory, NavigableMap<LogId, SortedMap<Long, Integer>> logs) {
        this.disk = disk;
        this.directory = directory;
        this.logs = logs;
    }

    boolean holds(LogId id) {
        return logs.containsKey(id);
    }

    /** Whose directory it is, if something was put back there. */
    Optional<LogId> owner(String topic, int partition) {
        var found = logs.ceilingKey(new LogId(topic, LEAST_TOPIC_ID, partition));
        return Optional.ofNullable(found).filter(id -> id.topic().equals(topic) && id.partition() == partition);
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
