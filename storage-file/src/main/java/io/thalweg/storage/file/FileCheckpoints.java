package io.thalweg.storage.file;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of a partition, each a file in its directory named by its offset in 20 digits and the checkpoint's name. Any thread.
 *
 * <pre>
 * at  size  field
 *  0     4  CRC-32C of what follows
 *  4     -  the bytes of the checkpoint
 * </pre>
 *
 * <p>Two have files that Kafka reads as well. That of the name {@code snapshot} is its bytes and nothing else, and they have a CRC of
 * their own. That of the name {@code leader-epochs} is copied to {@code leader-epoch-checkpoint}, whose name has no offset: it is read only
 * where there is no other, in a directory that Kafka wrote, and then it goes up to the end of the log.
 */
final class FileCheckpoints implements Checkpoints {

    private static final Logger log = LoggerFactory.getLogger(FileCheckpoints.class);

    private static final int KEPT = 2;
    private static final Pattern FILE = Pattern.compile("[0-9]{20}\\.([a-z-]+)");
    private static final Pattern NAME = Pattern.compile("[a-z-]+");
    private static final Set<String> OTHER_FILES = Set.of("log", "index", "timeindex", "txnindex", "tmp");

    private static final String SNAPSHOT = ".snapshot";
    private static final int SNAPSHOT_CRC_AT = 2;
    private static final String EPOCHS = ".leader-epochs";
    private static final String KAFKA_EPOCHS = "leader-epoch-checkpoint";

    private final PartitionDirectory home;
    private final Disk disk;
    private final LogRuntime runtime;
    private final SerialTasks tasks;

    FileCheckpoints(PartitionDirectory home, LogRuntime runtime) {
        this.home = home;
        this.disk = home.disk();
        this.runtime = runtime;
        this.tasks = new SerialTasks(runtime.maintenance(), runtime.failures());
    }

    @Override
    public CompletionStage<Void> save(Checkpoint checkpoint) {
        var suffix = suffix(checkpoint.name());
        return tasks.submit("save of checkpoint " + checkpoint.name() + " of " + home.id(), () -> {
            var path = home.path().resolve(LogFiles.name(checkpoint.offset(), suffix));
            var crc = ByteBuffer.allocate(Integer.BYTES)
                    .putInt(crcOf(checkpoint.bytes()))
                    .flip();
            home.create();
            home.syncNames();
            if (suffix.equals(SNAPSHOT)) {
                SmallFiles.replace(disk, path, checkpoint.bytes().duplicate());
            } else {
                SmallFiles.replace(disk, path, crc, checkpoint.bytes().duplicate());
            }
            if (suffix.equals(EPOCHS)) {
                SmallFiles.replace(
                        disk,
                        home.path().resolve(KAFKA_EPOCHS),
                        checkpoint.bytes().duplicate());
            }
            var older = offsets(suffix);
            for (var offset : older.subList(0, Math.max(0, older.size() - KEPT))) {
                disk.delete(home.path().resolve(LogFiles.name(offset, suffix)));
            }
        });
    }

    @Override
    public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
        var suffix = suffix(name);
        return run("search for checkpoint " + name + " of " + home.id(), () -> {
            var offsets = offsets(suffix);
            for (var i = offsets.size() - 1; i >= 0; i--) {
                var found = offsets.get(i) <= atMost ? read(offsets.get(i), suffix) : Optional.<ByteBuffer>empty();
                if (found.isPresent()) {
                    return Optional.of(new Checkpoint(name, offsets.get(i), found.get()));
                }
            }
            return suffix.equals(EPOCHS) && offsets.isEmpty() ? epochsOfKafka(name, atMost) : Optional.empty();
        });
    }

    @Override
    public CompletionStage<Void> removeAbove(long offset) {
        return tasks.submit("removal of checkpoints of " + home.id(), () -> {
            var isAny = false;
            for (var path : files()) {
                var matcher = FILE.matcher(path.getFileName().toString());
                if (matcher.matches()
                        && !OTHER_FILES.contains(matcher.group(1))
                        && LogFiles.offsetIn(path, "." + matcher.group(1)).orElse(0) > offset) {
                    disk.delete(path);
                    if (path.toString().endsWith(EPOCHS)) {
                        // The copy may be of this one.
                        disk.delete(home.path().resolve(KAFKA_EPOCHS));
                    }
                    home.namesChanged();
                    isAny = true;
                }
            }
            if (isAny) {
                home.syncNames();
            }
        });
    }

    private static String suffix(String name) {
        if (!NAME.matcher(name).matches() || OTHER_FILES.contains(name)) {
            throw new IllegalArgumentException(
                    "checkpoint name " + name + " refused: expected one word of a-z and - that names no file of a log");
        }
        return "." + name;
    }

    /** The offsets for which there is a file with this suffix, ascending. */
    private List<Long> offsets(String suffix) throws IOException {
        var offsets = new ArrayList<Long>();
        for (var path : files()) {
            LogFiles.offsetIn(path, suffix).ifPresent(offsets::add);
        }
        return offsets;
    }

    private List<Path> files() throws IOException {
        try {
            return disk.list(home.path());
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** The bytes; empty if the file is damaged. */
    private Optional<ByteBuffer> read(long offset, String suffix) throws IOException {
        var path = home.path().resolve(LogFiles.name(offset, suffix));
        var bytes = SmallFiles.read(disk, path);
        if (suffix.equals(SNAPSHOT)) {
            return Optional.of(bytes.asReadOnlyBuffer()).filter(found -> isSnapshot(path, found));
        }
        if (bytes.remaining() < Integer.BYTES || bytes.getInt() != crcOf(bytes)) {
            log.warn("checkpoint {} is damaged and passed over", path);
            return Optional.empty();
        }
        return Optional.of(bytes.slice().asReadOnlyBuffer());
    }

    private static boolean isSnapshot(Path path, ByteBuffer bytes) {
        var covered = SNAPSHOT_CRC_AT + Integer.BYTES;
        var isSound = bytes.remaining() >= covered
                && bytes.getInt(SNAPSHOT_CRC_AT) == crcOf(bytes.slice(covered, bytes.remaining() - covered));
        if (!isSound) {
            log.warn("checkpoint {} is damaged and passed over", path);
        }
        return isSound;
    }

    private Optional<Checkpoint> epochsOfKafka(String name, long atMost) throws IOException {
        try {
            return Optional.of(new Checkpoint(
                    name, atMost, SmallFiles.read(disk, home.path().resolve(KAFKA_EPOCHS))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static int crcOf(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    /** Runs on a maintenance thread what may wait for the disk. */
    private <T> CompletionStage<T> run(String what, Call<T> call) {
        var done = new CompletableFuture<T>();
        runtime.maintenance().execute(() -> {
            try {
                done.complete(call.run());
            } catch (IOException e) {
                done.completeExceptionally(runtime.failures().of(what, e));
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private interface Call<T> {
        T run() throws IOException;
    }
}
