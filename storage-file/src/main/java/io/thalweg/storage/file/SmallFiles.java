package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Reads and writes files that are small enough to be held at once, and are replaced rather than changed. */
final class SmallFiles {

    static final String TEMPORARY = ".tmp";

    private SmallFiles() {}

    static ByteBuffer read(Disk disk, Path path) throws IOException {
        try (var file = disk.open(path, false)) {
            var bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
            file.read(bytes, 0);
            return bytes.flip();
        }
    }

    /** Writes the file without waiting for the disk. */
    static void write(Disk disk, Path path, ByteBuffer... bytes) throws IOException {
        try (var file = disk.open(path, true)) {
            file.truncate(0);
            file.write(bytes, 0);
        }
    }

    /** Puts a file in the place of another so that after a crash there is either; which of the two is open until the directory is synced. */
    static void swap(Disk disk, Path path, ByteBuffer... bytes) throws IOException {
        prepare(disk, path, bytes);
        putInPlace(disk, path);
    }

    /** Writes, durably, what {@link #putInPlace} puts in the place of a file. */
    static void prepare(Disk disk, Path path, ByteBuffer... bytes) throws IOException {
        try (var file = disk.open(temporary(path), true)) {
            file.truncate(0);
            file.write(bytes, 0);
            file.sync();
        }
    }

    static void putInPlace(Disk disk, Path path) throws IOException {
        disk.rename(temporary(path), path);
    }

    private static Path temporary(Path path) {
        return path.resolveSibling(path.getFileName() + TEMPORARY);
    }

    static void sync(Disk disk, Path path) throws IOException {
        try (var file = disk.open(path, false)) {
            file.sync();
        }
    }
}
