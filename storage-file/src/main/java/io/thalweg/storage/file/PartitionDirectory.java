package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one partition, created when first needed, which checkpoints it has, and which of its names are not durable yet. Any
 * thread.
 *
 * <p>The lock is held while the disk is asked; it is contended only while the directory is new.
 */
final class PartitionDirectory {

    private final LogDirectory directory;
    private final Disk disk;
    private final LogId id;
    private final Path path;
    private final OpenFiles openFiles;
    private final SerialTasks tasks;
    private final Runnable onCreated;

    private volatile boolean exists;

    private volatile boolean isUnsettled;

    private final AtomicInteger nameChanges = new AtomicInteger();

    /** How many changes of names there were when the first segment had its name. */
    private volatile int firstNameChanges;

    /** How many changes of names are durable. */
    private volatile int syncedNameChanges;

    @GuardedBy("this") private boolean created;

    /** Null until the directory is listed. */
    private volatile @Nullable CheckpointFiles checkpoints;

    PartitionDirectory(LogDirectory directory, LogRuntime runtime, LogId id, boolean exists, Runnable onCreated) {
        this.directory = directory;
        this.disk = directory.disk();
        this.id = id;
        this.path = directory.path().resolve(id.toString());
        this.exists = exists;
        this.openFiles = runtime.openFiles();
        this.tasks = new SerialTasks(runtime.maintenance(), runtime.failures());
        this.onCreated = onCreated;
    }

    Disk disk() {
        return disk;
    }

    LogId id() {
        return id;
    }

    Path path() {
        return path;
    }

    /** What changes files in it that others change as well, in its turn. */
    SerialTasks tasks() {
        return tasks;
    }

    /** A file in this directory, not opened yet. */
    SharedFile file(Path file) {
        return new SharedFile(disk, file, openFiles);
    }

    boolean exists() {
        return exists;
    }

    /** Creates the directory with its metadata if there is none. */
    void create() throws IOException {
        if (!exists) {
            createNow();
        }
    }

    private synchronized void createNow() throws IOException {
        if (!exists) {
            disk.createDirectories(path);
            checkpoints = CheckpointFiles.NONE;
            writeMetadata();
            onCreated.run();
        }
    }

    /** Writes who the directory belongs to; durable with the next {@link #syncNames}. */
    synchronized void writeMetadata() throws IOException {
        SmallFiles.write(disk, path.resolve(PartitionMetadata.FILE_NAME), PartitionMetadata.encode(id.topicId()));
        created = true;
        exists = true;
        namesChanged();
    }

    /** The files that are there, in the order of their names. */
    synchronized List<Path> list() throws IOException {
        var files = disk.list(path);
        checkpoints = CheckpointFiles.among(files);
        return files;
    }

    /** The checkpoints that are there; the directory is listed if that was never done. */
    CheckpointFiles checkpoints() throws IOException {
        var known = checkpoints;
        return known == null ? listCheckpoints() : known;
    }

    /** The same, as far as it is known without asking the disk. */
    Optional<CheckpointFiles> knownCheckpoints() {
        return Optional.ofNullable(exists ? checkpoints : CheckpointFiles.NONE);
    }

    private synchronized CheckpointFiles listCheckpoints() throws IOException {
        if (!exists) {
            return CheckpointFiles.NONE;
        }
        var found = CheckpointFiles.among(disk.list(path));
        checkpoints = found;
        return found;
    }

    /** Notes a change of the checkpoints, which was made before. */
    synchronized void checkpointsChanged(UnaryOperator<CheckpointFiles> change) {
        var known = checkpoints;
        if (known != null) {
            checkpoints = change.apply(known);
        }
    }

    /** Has the checkpoints looked for again: what became of a change is not known. */
    void checkpointsUnknown() {
        checkpoints = null;
    }

    /** The directory was left by a crash: what names are durable is not known. */
    synchronized void foundAfterCrash() {
        created = true;
        isUnsettled = true;
        namesChanged();
    }

    /** Whether names that a crash has left, or has not, may be others again after a loss of power. */
    boolean isUnsettled() {
        return isUnsettled;
    }

    /** A file was created, renamed or deleted. */
    void namesChanged() {
        nameChanges.incrementAndGet();
    }

    /** Makes the names of files that were created before this call durable. */
    void syncNames() {
        if (nameChanges.get() != syncedNameChanges) {
            syncNamesNow();
        }
    }

    /** The first segment of the log has its name now. */
    void firstNamed() {
        firstNameChanges = nameChanges.get();
    }

    /** The same, if the name of the first segment is not durable. */
    void syncFirstName() {
        if (syncedNameChanges < firstNameChanges) {
            syncNamesNow();
        }
    }

    private synchronized void syncNamesNow() {
        var changes = nameChanges.get();
        if (changes == syncedNameChanges) {
            return;
        }
        directory.sync("the names of " + id, created ? this::syncAsNew : () -> disk.syncDirectory(path));
        created = false;
        syncedNameChanges = changes;
        isUnsettled = false;
    }

    private void syncAsNew() throws IOException {
        SmallFiles.sync(disk, path.resolve(PartitionMetadata.FILE_NAME));
        disk.syncDirectory(path);
        disk.syncDirectory(directory.path());
    }
}
