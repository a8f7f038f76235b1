package io.thalweg.spi.storage;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The ability of an engine to say which directories it keeps its logs in. A broker shows their ids when it registers: whoever presents
 * those of a broker that was heard of a moment ago is that broker, started again, and not a second one that uses its number.
 *
 * <p><b>Threads.</b> Any thread.
 *
 * <p><b>Ordering.</b> A directory gets its id when it is first opened and has the same at every later open (OWNER-1). No two directories
 * have the same id (OWNER-2). While the engine is open no other engine opens its directories (OWNER-3). What cluster a directory is of is
 * noted once and is the same at every later open (OWNER-5).
 */
public interface DirectoryOwner {

    /** The ids of the directories, in no order; at least one. */
    List<UUID> directoryIds();

    /** The ids of those that have failed since they were opened: nothing in them is reached before the next open (OWNER-4). */
    List<UUID> failedDirectoryIds();

    /**
     * The ids of the clusters that the directories say they are of: none for new ones, and more than one where directories of several were
     * put together. An engine that notes none protects nobody from that.
     */
    default Set<String> clusterIds() {
        return Set.of();
    }

    /**
     * Notes durably, in each directory that does not say so yet and can be written, that it is of a cluster. Waits for the disk; the thread
     * that starts the broker calls it.
     */
    default void noteCluster(String clusterId) {}
}
