package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogSlice;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The real disk, without the wait for it: a sync only says that it was called. A subclass may fail calls in {@link #before}.
 *
 * <p>Enough for crashes of the process, which the machine's memory survives.
 */
class TestDisk implements Disk {

    private final Disk real = new LocalDisk();

    /** The calls that change or sync something, in the words of {@link #before}. */
    enum Call {
        CREATE,
        WRITE,
        TRUNCATE,
        RENAME,
        DELETE,
        SYNC,
        SYNC_DIRECTORY
    }

    /** Called first by every call that changes or syncs something; what it throws, the call throws. */
    void before(Call call, Path path) throws IOException {}

    /** Called when the bytes of a write are in the file; what it throws, the write throws. */
    void written(Path path) throws IOException {}

    /** Called before a file is read; what it throws, the read throws. */
    void reading(Path path) throws IOException {}

    /** Called after a file was opened. */
    void opened(Path path) {}

    /** Called after one was closed. */
    void closed(Path path) {}

    @Override
    public File open(Path path, boolean create) throws IOException {
        if (create) {
            before(Call.CREATE, path);
        }
        var file = new TestFile(path, real.open(path, create));
        opened(path);
        return file;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        before(Call.CREATE, directory);
        real.createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return real.list(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        before(Call.RENAME, from);
        real.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        before(Call.DELETE, path);
        real.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        before(Call.SYNC_DIRECTORY, directory);
    }

    @Override
    public Optional<Closeable> tryLock(Path path) throws IOException {
        return real.tryLock(path);
    }

    @Override
    public long freeBytes(Path directory) throws IOException {
        return real.freeBytes(directory);
    }

    @Override
    public long modifiedMillis(Path path) throws IOException {
        return real.modifiedMillis(path);
    }

    @Override
    public long totalBytes(Path directory) throws IOException {
        return real.totalBytes(directory);
    }

    private final class TestFile implements File {

        private final Path path;
        private final File file;

        TestFile(Path path, File file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            reading(path);
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer[] sources, long position) throws IOException {
            before(Call.WRITE, path);
            file.write(sources, position);
            written(path);
        }

        @Override
        public void sync() throws IOException {
            before(Call.SYNC, path);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            before(Call.TRUNCATE, path);
            file.truncate(size);
        }

        @Override
        public LogSlice slice(long position, int sizeInBytes, Runnable release) throws IOException {
            return file.slice(position, sizeInBytes, release);
        }

        @Override
        public void close() throws IOException {
            file.close();
            closed(path);
        }
    }
}
