package io.thalweg.spi.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file system as {@code storage-file} sees it; a real one, one that injects faults, or the simulator's.
 *
 * <p>An engine is not given one: it is no part of {@link StorageContext}. {@code storage-file} has a provider that can be made with another
 * disk, which is how its tests take the power away; an engine of yours may do the same, or use files as it likes.
 *
 * <p><b>Threads.</b> Any thread; every call may block.
 *
 * <p><b>Ordering.</b> What was written is seen by every later read. What was written before a completed {@code sync} survives a
 * crash; anything else may be lost in part or whole, and in any order. A name created, renamed or deleted survives a crash only
 * after {@code syncDirectory} of its parent.
 *
 * <p><b>Errors.</b> {@link IOException} with the path in its message.
 */
public interface Disk {

    /** Opens a file to read and write, creating it if told so, else {@link java.nio.file.NoSuchFileException} if there is none. */
    File open(Path path, boolean create) throws IOException;

    /** Creates a directory and its parents; there may be one already. */
    void createDirectories(Path directory) throws IOException;

    /** The entries of a directory, ordered by name; {@link java.nio.file.NoSuchFileException} if there is none. */
    List<Path> list(Path directory) throws IOException;

    /** Renames a file or directory, atomically, over an existing file. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file or an empty directory; it is fine if there is none. */
    void delete(Path path) throws IOException;

    /** Makes the names in a directory durable. */
    void syncDirectory(Path directory) throws IOException;

    /** Takes the lock of a file, creating it if need be, until closed; empty if another process or holder has it. */
    Optional<Closeable> tryLock(Path path) throws IOException;

    /** The bytes that can still be written below a directory. */
    long freeBytes(Path directory) throws IOException;

    /** When a file was last written to, epoch milliseconds. */
    long modifiedMillis(Path path) throws IOException;

    /** The size of the volume that a directory lies on, in bytes. */
    long totalBytes(Path directory) throws IOException;

    /** An open file. */
    interface File extends AutoCloseable {

        /** Reads at a position until the target is full or the file ends; gives the number of bytes read. */
        int read(ByteBuffer target, long position) throws IOException;

        /** Writes all the remaining bytes of the sources, in order, at a position; one writer at a time. */
        void write(ByteBuffer[] sources, long position) throws IOException;

        /** Makes the bytes written so far durable, and the size where it changed. */
        void sync() throws IOException;

        long size() throws IOException;

        void truncate(long size) throws IOException;

        /** The bytes of a range as a slice to send; the receiver closes it. */
        LogSlice slice(long position, int sizeInBytes, Runnable release) throws IOException;

        @Override
        void close() throws IOException;
    }
}
