package io.thalweg.storage.file;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
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
 * <p>Three have files that Kafka reads as well. That of the name {@code txnindex} lies in {@link TransactionIndexes}, without an offset: it
 * goes as far as the snapshot that was saved after it. That of the name {@code snapshot} is its bytes and nothing else, and they have a CRC
 * of their own. That of the name {@code leader-epochs} is copied to {@code leader-epoch-checkpoint}, whose name has no offset: it is read
 * only where there is no other, in a directory that Kafka wrote, and then it goes up to the end of the log.
 */
final class FileCheckpoints implements Checkpoints {

    private static final Logger log = LoggerFactory.getLogger(FileCheckpoints.class);

    private static final int KEPT = 2;
    private static final Pattern NAME = Pattern.compile("[a-z-]+");

    private static final String SNAPSHOT = ".snapshot";
    private static final int SNAPSHOT_CRC_AT = 2;
    private static final String EPOCHS = ".leader-epochs";

    private final PartitionDirectory home;
    private final Disk disk;
    private final LogRuntime runtime;

    FileCheckpoints(PartitionDirectory home, LogRuntime runtime) {
        this.home = home;
        this.disk = home.disk();
        this.runtime = runtime;
    }

    @Override
    public CompletionStage<Void> save(Checkpoint checkpoint) {
        if (checkpoint.name().equals(TransactionIndexes.NAME)) {
            return home.tasks().submit("save of transactions of " + home.id(), () -> {
                home.create();
                changing(() ->
                        TransactionIndexes.in(home).write(checkpoint.bytes().duplicate()));
            });
        }
        var suffix = suffix(checkpoint.name());
        return home.tasks().submit("save of checkpoint " + checkpoint.name() + " of " + home.id(), () -> {
            home.create();
            home.syncNames();
            changing(() -> {
                write(checkpoint, suffix);
                removeOlder(suffix);
            });
        });
    }

    /** Where a change fails half-way, nobody knows what is there. */
    private void changing(SerialTasks.Task change) throws IOException {
        try {
            change.run();
        } catch (IOException | RuntimeException e) {
            home.checkpointsUnknown();
            throw e;
        }
    }

    private void write(Checkpoint checkpoint, String suffix) throws IOException {
        var path = path(checkpoint.offset(), suffix);
        if (suffix.equals(SNAPSHOT)) {
            replace(path, checkpoint.bytes().duplicate());
        } else {
            var crc = ByteBuffer.allocate(Integer.BYTES)
                    .putInt(crcOf(checkpoint.bytes()))
                    .flip();
            replace(path, crc, checkpoint.bytes().duplicate());
        }
        home.checkpointsChanged(files -> files.with(new CheckpointFiles.Named(checkpoint.offset(), suffix)));
        if (suffix.equals(EPOCHS)) {
            replace(kafkaEpochs(), checkpoint.bytes().duplicate());
            home.checkpointsChanged(files -> files.withKafkaEpochs(true));
        }
    }

    private void replace(Path path, ByteBuffer... bytes) throws IOException {
        SmallFiles.swap(disk, path, bytes);
        home.namesChanged();
        home.syncNames();
    }

    private void removeOlder(String suffix) throws IOException {
        var offsets = home.checkpoints().offsets(suffix);
        for (var offset : offsets.subList(0, Math.max(0, offsets.size() - KEPT))) {
            remove(new CheckpointFiles.Named(offset, suffix));
        }
    }

    private void remove(CheckpointFiles.Named named) throws IOException {
        disk.delete(path(named.offset(), named.suffix()));
        home.checkpointsChanged(files -> files.without(named));
    }

    private Path path(long offset, String suffix) {
        return home.path().resolve(LogFiles.name(offset, suffix));
    }

    private Path kafkaEpochs() {
        return home.path().resolve(CheckpointFiles.KAFKA_EPOCHS);
    }

    @Override
    public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
        if (name.equals(TransactionIndexes.NAME)) {
            return transactions(atMost);
        }
        var suffix = suffix(name);
        if (isKnown(files -> files.offsets(suffix).isEmpty() && !(suffix.equals(EPOCHS) && files.hasKafkaEpochs()))) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        return run("search for checkpoint " + name + " of " + home.id(), () -> {
            try {
                return find(name, suffix, atMost);
            } catch (NoSuchFileException e) {
                log.warn("{} was removed, and not by this engine", e.getFile());
                home.checkpointsUnknown();
                return find(name, suffix, atMost);
            }
        });
    }

    private CompletionStage<Optional<Checkpoint>> transactions(long atMost) {
        if (isKnown(files -> !files.hasTransactions())) {
            return CompletableFuture.completedStage(Optional.empty());
        }
        var found = new AtomicReference<>(Optional.<Checkpoint>empty());
        return home.tasks()
                .submit("search for transactions of " + home.id(), () -> {
                    if (home.checkpoints().hasTransactions()) {
                        var bytes = TransactionIndexes.in(home).read();
                        found.set(Optional.of(new Checkpoint(TransactionIndexes.NAME, atMost, bytes)));
                    }
                })
                .thenApply(done -> found.get());
    }

    private Optional<Checkpoint> find(String name, String suffix, long atMost) throws IOException {
        var files = home.checkpoints();
        var offsets = files.offsets(suffix);
        for (var i = offsets.size() - 1; i >= 0; i--) {
            var found = offsets.get(i) <= atMost ? read(offsets.get(i), suffix) : Optional.<ByteBuffer>empty();
            if (found.isPresent()) {
                return Optional.of(new Checkpoint(name, offsets.get(i), found.get()));
            }
        }
        return suffix.equals(EPOCHS) && offsets.isEmpty() && files.hasKafkaEpochs()
                ? Optional.of(new Checkpoint(name, atMost, SmallFiles.read(disk, kafkaEpochs())))
                : Optional.empty();
    }

    /** Whether something is true of the checkpoints, as far as the disk need not be asked for it. */
    private boolean isKnown(Predicate<CheckpointFiles> claim) {
        return home.knownCheckpoints().filter(claim).isPresent();
    }

    @Override
    public CompletionStage<Void> removeAbove(long offset) {
        if (isKnown(files -> files.above(offset).isEmpty() && !files.hasTransactions())) {
            return CompletableFuture.completedStage(null);
        }
        return home.tasks().submit("removal of checkpoints of " + home.id(), () -> {
            var above = home.checkpoints().above(offset);
            if (!above.isEmpty()) {
                changing(() -> removeAll(above));
                home.syncNames();
            }
            if (home.checkpoints().hasTransactions()) {
                changing(() -> TransactionIndexes.in(home).cutFrom(offset));
            }
        });
    }

    private void removeAll(List<CheckpointFiles.Named> all) throws IOException {
        home.namesChanged();
        for (var each : all) {
            remove(each);
            if (each.suffix().equals(EPOCHS)) {
                // The copy may be of this one.
                disk.delete(kafkaEpochs());
                home.checkpointsChanged(files -> files.withKafkaEpochs(false));
            }
        }
    }

    private static String suffix(String name) {
        var suffix = "." + name;
        if (!NAME.matcher(name).matches() || !CheckpointFiles.mayBe(suffix)) {
            throw new IllegalArgumentException(
                    "checkpoint name " + name + " refused: expected one word of a-z and - that names no file of a log");
        }
        return suffix;
    }

    /** The bytes; empty if the file is damaged. */
    private Optional<ByteBuffer> read(long offset, String suffix) throws IOException {
        var path = path(offset, suffix);
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
