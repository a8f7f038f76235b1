package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is opened at its first use and stays open, retired or not, until its last lease is back. One that nobody uses may be closed
 * in between, and opens again under its name. Any thread.
 *
 * <p>The lock is held while the file opens; that holds up only those who need the same file opened.
 */
final class SharedFile {

    private static final Logger log = LoggerFactory.getLogger(SharedFile.class);

    private final Disk disk;
    private final Path path;
    private final OpenFiles openFiles;

    @GuardedBy("this") private Disk.@Nullable File file;

    @GuardedBy("this") private int leases;

    @GuardedBy("this") private boolean retired;

    /** Whether it was leased since {@link OpenFiles} has looked. */
    @GuardedBy("this") private boolean wasUsed;

    SharedFile(Disk disk, Path path, OpenFiles openFiles) {
        this.disk = disk;
        this.path = path;
        this.openFiles = openFiles;
    }

    Path path() {
        return path;
    }

    /** Creates the file; what a failed creation may have left is emptied. */
    void create() throws IOException {
        try {
            create(path);
        } catch (IOException e) {
            makeRoom(e);
            create(path);
        }
        openFiles.opened(this);
    }

    /** Returns if another try is worth while. */
    private void makeRoom(IOException e) throws IOException {
        if (!DiskFailure.isOutOfDescriptors(e)) {
            throw e;
        }
        openFiles.ranOut();
    }

    /** Creates the file under another name; it stays open until it was said to be {@link #inPlace}. */
    synchronized void create(Path other) throws IOException {
        var created = disk.open(other, true);
        file = created;
        if (created.size() > 0) {
            created.truncate(0);
        }
    }

    /** It has its own name now. */
    void inPlace() {
        openFiles.opened(this);
    }

    /** The open file, {@link #release} follows; null once the file is retired. */
    Disk.@Nullable File lease() throws IOException {
        try {
            return tryLease();
        } catch (IOException e) {
            makeRoom(e);
            return tryLease();
        }
    }

    private Disk.@Nullable File tryLease() throws IOException {
        Disk.File opened;
        synchronized (this) {
            if (retired) {
                return null;
            }
            leases++;
            wasUsed = true;
            if (file != null) {
                return file;
            }
            opened = open();
        }
        openFiles.opened(this);
        return opened;
    }

    @GuardedBy("this") private Disk.File open() throws IOException {
        try {
            var opened = disk.open(path, false);
            file = opened;
            return opened;
        } catch (IOException | RuntimeException e) {
            leases--;
            throw e;
        }
    }

    synchronized void release() {
        leases--;
        closeIfUnused();
    }

    /** Closes the file unless it is leased, or was since this was last asked; whether it is closed. */
    synchronized boolean restIfUnused() {
        if (file == null) {
            return true;
        }
        var mayStay = leases > 0 || wasUsed;
        wasUsed = false;
        if (!mayStay) {
            rest();
        }
        return !mayStay;
    }

    /** Closes the file unless it is leased; the next lease opens what has its name by then. */
    synchronized void rest() {
        if (leases == 0 && file != null) {
            try {
                file.close();
            } catch (IOException e) {
                log.warn("{} could not be closed", path, e);
            }
            file = null;
        }
    }

    /** Closes the file once nobody uses it; no lease is given from now on. */
    synchronized void retire() {
        retired = true;
        closeIfUnused();
    }

    @GuardedBy("this") private void closeIfUnused() {
        if (retired && leases == 0 && file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new StorageException.Offline("close of " + path + ": " + e.getMessage(), e);
            } finally {
                file = null;
            }
        }
    }
}
