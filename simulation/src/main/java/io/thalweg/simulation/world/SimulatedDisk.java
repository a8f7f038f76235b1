package io.thalweg.simulation.world;

import io.thalweg.memory.disk.PowerLossDisk;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogSlice;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A node's disk as one process has it, with its troubles: once that is dead nothing it does reaches the disk. Owned by the scheduler. */
public final class SimulatedDisk implements Disk {

    private final PowerLossDisk disk;
    private final DiskTrouble trouble;
    private final SimulatedProcess process;

    /** What was opened and is not closed yet. */
    private final List<String> held = new ArrayList<>();

    /** What this process makes of the disk. */
    public SimulatedDisk(PowerLossDisk disk, DiskTrouble trouble, SimulatedProcess process) {
        this.disk = disk;
        this.trouble = trouble;
        this.process = process;
    }

    private PowerLossDisk alive() throws IOException {
        if (process.isDead()) {
            throw new IOException("the process is dead");
        }
        trouble.work();
        return disk;
    }

    private File aliveThrough(File file) throws IOException {
        try {
            alive();
            return file;
        } catch (IOException e) {
            if (!process.isDead()) {
                disk.forgetUnsynced(file);
            }
            throw e;
        }
    }

    @Override
    public File open(Path path, boolean create) throws IOException {
        if (create
                && trouble.isFull()
                && !disk.list(Objects.requireNonNull(path.getParent())).contains(path)) {
            trouble.grow();
        }
        return new AliveFile(path, alive().open(path, create));
    }

    /** Files, slices of them and locks that the process holds. */
    public List<String> held() {
        return List.copyOf(held);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        alive().createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return alive().list(directory);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        alive().rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        alive().delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        alive().syncDirectory(directory);
    }

    @Override
    public Optional<Closeable> tryLock(Path path) throws IOException {
        return alive().tryLock(path).map(lock -> {
            var name = "lock " + path;
            held.add(name);
            return () -> {
                held.remove(name);
                lock.close();
            };
        });
    }

    @Override
    public long freeBytes(Path directory) {
        return trouble.isFull() ? 0 : disk.freeBytes(directory);
    }

    @Override
    public long modifiedMillis(Path path) {
        return disk.modifiedMillis(path);
    }

    @Override
    public long totalBytes(Path directory) {
        return disk.totalBytes(directory);
    }

    private final class AliveFile implements File {

        private final String name;
        private final File file;

        AliveFile(Path path, File file) {
            this.name = "file " + path;
            this.file = file;
            held.add(name);
        }

        private File alive() throws IOException {
            SimulatedDisk.this.alive();
            return file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return alive().read(target, position);
        }

        @Override
        public void write(ByteBuffer[] sources, long position) throws IOException {
            if (position
                            + Arrays.stream(sources)
                                    .mapToLong(ByteBuffer::remaining)
                                    .sum()
                    > file.size()) {
                trouble.grow();
            }
            alive().write(sources, position);
        }

        @Override
        public void sync() throws IOException {
            SimulatedDisk.this.aliveThrough(file).sync();
        }

        @Override
        public long size() throws IOException {
            return alive().size();
        }

        @Override
        public void truncate(long size) throws IOException {
            alive().truncate(size);
        }

        @Override
        public LogSlice slice(long position, int sizeInBytes, Runnable release) throws IOException {
            var slice = alive().slice(position, sizeInBytes, () -> {
                held.remove("slice of " + name);
                release.run();
            });
            held.add("slice of " + name);
            return slice;
        }

        @Override
        public void close() throws IOException {
            held.remove(name);
            file.close();
        }
    }
}
