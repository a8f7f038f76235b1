package io.thalweg.storage.file;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Storage on local files, in Kafka's formats: {@code storage=file}, the default.
 *
 * <p><b>Threads.</b> Any thread. One engine of a log directory is open at a time, on this machine.
 *
 * <p>Threads that read slices or call into the engine must not be interrupted: an interrupt closes the file they read.
 */
public final class FileStorage implements StorageProvider {

    /** Where the logs are, when the provider was not told. */
    public static final ConfigKey<List<String>> LOG_DIRS = ConfigKey.ofList("log.dirs", null)
            .documented(
                    "The directories in which the logs are kept, best each on a disk of its own. A new log goes to the one with the"
                            + " fewest logs, of those with about as much room as the one with most. One that fails takes"
                            + " only its own logs offline.");

    /** Where the logs are if {@link #LOG_DIRS} is not set. */
    public static final ConfigKey<String> LOG_DIR = ConfigKey.ofString("log.dir", "thalweg-data")
            .documented(
                    "The directory in which the logs are kept; log.dirs goes before it. A relative one lies in the directory"
                            + " the server was started in.");

    /** Which directories may be lost. */
    public static final ConfigKey<List<String>> LOG_DIRS_FORGET = ConfigKey.ofList("log.dirs.forget", List.of())
            .documented(
                    "Log directories whose logs are given up for ever, to be set for one start. Without it one of several that comes"
                            + " back empty, or is left out of log.dirs, is missed: the logs that may have been there are offline, so that"
                            + " they do not begin anew.");

    /** Threads per log directory that open logs, recover them and take bytes away from them. */
    public static final ConfigKey<Integer> RECOVERY_THREADS = ConfigKey.ofInt("num.recovery.threads.per.data.dir", 2)
            .between(1, 64)
            .documented("Threads per log directory that open and recover logs, truncate them and remove files.");

    /** Threads that make bytes durable. */
    public static final ConfigKey<Integer> SYNC_THREADS = ConfigKey.ofInt("storage.file.sync.threads", 8)
            .between(1, 64)
            .documented(
                    "Threads that wait for the disk to make appended batches durable where the journal does not: so many logs are synced"
                            + " at once.");

    /** Threads that read what is not in memory. */
    public static final ConfigKey<Integer> READ_THREADS = ConfigKey.ofInt("storage.file.read.threads", 4)
            .between(1, 64)
            .documented("Threads that read and check batches which are not likely to be in memory.");

    /** How much is expected to stay in memory. */
    public static final ConfigKey<Long> WARM_BYTES = ConfigKey.ofLong("storage.file.warm.bytes", 512L << 20)
            .atLeast(0)
            .documented(
                    "Bytes of log files that the operating system is expected to keep in memory after they were written or"
                            + " read. Reads of those are answered at once, others by the read threads.");

    /** How often recovery points are written. */
    public static final ConfigKey<Integer> CHECKPOINT_INTERVAL = ConfigKey.ofInt(
                    "log.flush.offset.checkpoint.interval.ms", 60_000)
            .atLeast(1)
            .documented(
                    "Milliseconds between two writes of the offsets below which all logs are durable; after a crash only what"
                            + " lies above is checked.");

    private static final long MAX_JOURNAL_BYTES = 2L << 30;

    /** How large the journal is. */
    public static final ConfigKey<Long> JOURNAL_BYTES = ConfigKey.ofLong("storage.file.journal.bytes", 64L << 20)
            .allowing(
                    bytes -> bytes == 0 || (bytes >= Journal.MIN_BYTES && bytes <= MAX_JOURNAL_BYTES),
                    "0 for none, or a number from " + Journal.MIN_BYTES + " to " + MAX_JOURNAL_BYTES)
            .documented(
                    "Bytes per log directory for the journal, which makes the appends to many logs durable at once; it is"
                            + " allocated when it is first needed. Without one, 0, every log is synced by itself.");

    /** How much of a log may have to be walked over after a crash. */
    public static final ConfigKey<Integer> RECOVERY_BYTES = ConfigKey.ofInt("storage.file.recovery.bytes", 16 << 20)
            .atLeast(1)
            .documented(
                    "Bytes that a log with durability=fsync grows by before it is noted up to where it and its indexes are"
                            + " durable. A start after a crash reads and checks at most about twice as much of each log, and of all"
                            + " logs together sixteen times as much.");

    /** How many files stay open. */
    public static final ConfigKey<Integer> OPEN_FILES = ConfigKey.ofInt("storage.file.open.files", 4000)
            .atLeast(1)
            .documented(
                    "Files of logs that stay open, in all directories together, though nobody uses them at the moment;"
                            + " a log that is appended to needs one, or three while it is read and rolled. At most half of what the process may"
                            + " open (ulimit -n), and fewer from when that has run out.");

    /** None if they are taken from the settings. */
    private final List<Path> directories;

    private final Disk disk;

    /** For the service loader: the directories are taken from the settings. */
    public FileStorage() {
        this(List.of(), new LocalDisk());
    }

    private FileStorage(List<Path> directories, Disk disk) {
        this.directories = List.copyOf(directories);
        this.disk = disk;
    }

    /** Keeps the logs in one directory, or in several, which are created if need be. */
    public static FileStorage at(Path directory, Path... more) {
        return new FileStorage(
                Stream.concat(Stream.of(directory), Stream.of(more)).toList(), new LocalDisk());
    }

    /** The same on another disk: one that injects faults, or a simulated one. */
    public FileStorage on(Disk other) {
        return new FileStorage(directories, other);
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return List.of(
                LOG_DIRS,
                LOG_DIR,
                LOG_DIRS_FORGET,
                RECOVERY_THREADS,
                SYNC_THREADS,
                READ_THREADS,
                WARM_BYTES,
                CHECKPOINT_INTERVAL,
                JOURNAL_BYTES,
                RECOVERY_BYTES,
                OPEN_FILES);
    }

    @Override
    public StorageEngine open(StorageContext context) {
        var config = context.config();
        return FileEngine.open(disk, directories.isEmpty() ? configured(config) : directories, context);
    }

    private static List<Path> configured(ConfigValues config) {
        var listed = config.find(LOG_DIRS).orElse(List.of(config.value(LOG_DIR)));
        if (listed.isEmpty()) {
            throw new ConfigException(LOG_DIRS.name(), "", "at least one directory");
        }
        return listed.stream().map(Path::of).toList();
    }
}
