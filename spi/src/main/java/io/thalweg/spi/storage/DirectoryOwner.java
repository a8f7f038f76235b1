package io.thalweg.spi.storage;

import java.util.List;
import java.util.UUID;

/**
 * The ability of an engine to say which directories it keeps its logs in. A broker shows their ids when it registers: whoever presents
 * those of a broker that was heard of a moment ago is that broker, started again, and not a second one that uses its number.
 *
 * <p><b>Threads.</b> Any thread.
 *
 * <p><b>Ordering.</b> A directory gets its id when it is first opened and has the same at every later open (OWNER-1). No two directories
 * have the same id (OWNER-2). While the engine is open no other engine opens its directories (OWNER-3).
 */
public interface DirectoryOwner {

    /** The ids of the directories, in no order; at least one. */
    List<UUID> directoryIds();

    /** The ids of those that have failed since they were opened: nothing in them is reached before the next open (OWNER-4). */
    List<UUID> failedDirectoryIds();
}
