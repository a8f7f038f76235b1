package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Tells what a failed call to a disk means: no room and too many open files pass, anything else does not. Any thread; may ask the disk.
 *
 * <p>Java gives no error numbers, only the system's text in the language of the machine. Where the text is not the English one, the disk
 * is asked: for its free bytes, and if a file did not open, whether the log directory does, which takes as many descriptors.
 */
final class DiskFailure {

    /** With less than this left an error is taken for the lack of it. */
    private static final long LITTLE_BYTES = 1 << 20;

    private final Disk disk;
    private final Path directory;
    private final OpenFiles openFiles;

    /** Failures of calls to a disk; without descriptors some of the open files are closed, so that the next try finds one. */
    DiskFailure(Disk disk, Path directory, OpenFiles openFiles) {
        this.disk = disk;
        this.directory = directory;
        this.openFiles = openFiles;
    }

    StorageException of(String what, IOException e) {
        var text = what + ": " + reasonOf(e);
        if (says(e, "no space left") || says(e, "quota exceeded")) {
            return new StorageException.Full(text, e);
        }
        if (isOutOfDescriptors(e)) {
            openFiles.ranOut();
            return new StorageException.Busy(text);
        }
        if (isAboutAName(e)) {
            return new StorageException.Offline(text, e);
        }
        if (isFull()) {
            return new StorageException.Full(text + " (the disk of " + directory + " is full)", e);
        }
        if (e instanceof FileSystemException && !canOpen()) {
            return new StorageException.Busy(text + " (" + directory + " does not open either)");
        }
        return new StorageException.Offline(text, e);
    }

    /** Whether the system says, in English, that the process or the machine has too many files open. */
    static boolean isOutOfDescriptors(IOException e) {
        return says(e, "too many open files");
    }

    /** Where Java names the file alone, the kind of the exception says the rest. */
    private static String reasonOf(IOException e) {
        if (e instanceof FileSystemException failure && failure.getReason() == null) {
            return e.getMessage() + kindOf(failure);
        }
        return String.valueOf(e.getMessage());
    }

    private static String kindOf(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return ": permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return ": no such file or directory";
        }
        return e instanceof NotDirectoryException || e instanceof FileAlreadyExistsException ? ": is no directory" : "";
    }

    private static boolean says(IOException e, String words) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains(words);
    }

    private static boolean isAboutAName(IOException e) {
        return e instanceof NoSuchFileException
                || e instanceof AccessDeniedException
                || e instanceof NotDirectoryException
                || e instanceof FileAlreadyExistsException;
    }

    private boolean isFull() {
        try {
            return disk.freeBytes(directory) < LITTLE_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean canOpen() {
        try {
            disk.list(directory);
            return true;
        } catch (IOException e) {
            return isAboutAName(e);
        }
    }
}
