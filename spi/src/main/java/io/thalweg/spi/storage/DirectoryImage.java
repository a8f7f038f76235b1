package io.thalweg.spi.storage;

import java.nio.file.Path;
import java.util.List;

/**
 * One of the directories of a {@link PlacedEngine} at one moment.
 *
 * @param path absolute
 * @param isOnline whether it can be used; of one that cannot, nothing else is known
 * @param totalBytes the size of the volume it lies on; -1 if that is not known
 * @param usableBytes what is free there; -1 if that is not known
 * @param logs what it holds, in no order
 */
public record DirectoryImage(Path path, boolean isOnline, long totalBytes, long usableBytes, List<Held> logs) {

    public DirectoryImage {
        logs = List.copyOf(logs);
    }

    /** A directory that cannot be used. */
    public static DirectoryImage offline(Path path) {
        return new DirectoryImage(path, false, -1, -1, List.of());
    }

    /**
     * A log that lies in a directory.
     *
     * @param sizeInBytes the bytes of its batches
     * @param lagOffsets how many offsets it is behind the log it is a copy of; 0 unless it is one
     * @param isCopy whether it is the unfinished copy of a log that is being moved there
     */
    public record Held(LogId id, long sizeInBytes, long lagOffsets, boolean isCopy) {}
}
