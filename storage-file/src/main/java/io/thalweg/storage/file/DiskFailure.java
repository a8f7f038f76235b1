package io.thalweg.storage.file;

import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.util.Locale;

/** Tells what a failed call to the disk means. */
final class DiskFailure {

    private DiskFailure() {}

    /** No room and too many open files pass; anything else does not. */
    static StorageException of(String what, IOException e) {
        var text = String.valueOf(e.getMessage());
        var lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left") || lower.contains("quota exceeded")) {
            return new StorageException.Full(what + ": " + text, e);
        }
        if (lower.contains("too many open files")) {
            return new StorageException.Busy(what + ": " + text);
        }
        return new StorageException.Offline(what + ": " + text, e);
    }
}
