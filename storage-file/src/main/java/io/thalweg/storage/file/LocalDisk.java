package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The machine's file system. Any thread. */
final class LocalDisk implements Disk {

    /** Where Linux tells the limits of the process. */
    private static final Path LIMITS = Path.of("/proc/self/limits");

    private static final Pattern DESCRIPTORS = Pattern.compile("Max open files +([0-9]+)");

    /** How many files the process may have open; a large number where the system does not tell. */
    static int descriptorLimit() {
        try {
            var found = DESCRIPTORS.matcher(Files.readString(LIMITS));
            return found.find() ? (int) Math.min(Integer.MAX_VALUE, Long.parseLong(found.group(1))) : Integer.MAX_VALUE;
        } catch (IOException | NumberFormatException e) {
            return Integer.MAX_VALUE;
        }
    }

    @Override
    public File open(Path path, boolean create) throws IOException {
        return new LocalFile(path, channel(path, create));
    }

    private static FileChannel channel(Path path, boolean create) throws IOException {
        return create
                ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
                : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw LocalFile.at(directory, e);
        }
    }

    @Override
    public Optional<Closeable> tryLock(Path path) throws IOException {
        var channel = channel(path, true);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(channel);
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process: the same answer as for another one.
        } catch (IOException e) {
            channel.close();
            throw LocalFile.at(path, e);
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public long freeBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public long modifiedMillis(Path path) throws IOException {
        return Files.getLastModifiedTime(path).toMillis();
    }

    @Override
    public long totalBytes(Path directory) throws IOException {
        return Files.getFileStore(directory).getTotalSpace();
    }
}
