package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that is opened at its first use and stays open, retired or not, until its last lease is back. Any thread.
 *
 * <p>The lock is held while the file opens; that holds up only those who need the same file opened.
 */
final class SharedFile {

    private final Disk disk;
    private final Path path;

    @GuardedBy("this") private Disk.@Nullable File file;

    @GuardedBy("this") private int leases;

    @GuardedBy("this") private boolean retired;

    SharedFile(Disk disk, Path path) {
        this.disk = disk;
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** Creates the file; what a failed creation may have left is emptied. */
    void create() throws IOException {
        create(path);
    }

    /** Creates the file under another name, which someone changes to its own before it is opened again. */
    synchronized void create(Path other) throws IOException {
        var created = disk.open(other, true);
        file = created;
        if (created.size() > 0) {
            created.truncate(0);
        }
    }

    /** The open file, {@link #release} follows; null once the file is retired. */
    synchronized Disk.@Nullable File lease() throws IOException {
        if (retired) {
            return null;
        }
        var opened = file;
        if (opened == null) {
            opened = disk.open(path, false);
            file = opened;
        }
        leases++;
        return opened;
    }

    synchronized void release() {
        leases--;
        closeIfUnused();
    }

    /** Closes the file unless it is used; the next lease opens what has its name by then. */
    synchronized void rest() throws IOException {
        if (leases == 0 && file != null) {
            file.close();
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
