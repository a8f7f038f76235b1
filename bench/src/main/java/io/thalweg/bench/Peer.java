package io.thalweg.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A broker that can be measured, as a process of its own with the settings it comes with. */
interface Peer {

    String name();

    /** Does what has to be done once before a server is launched on an empty directory. */
    default void prepare(Path directory, int port) throws IOException {}

    /** Launches a server on a directory, empty or left by an earlier one, and does not wait for it. */
    Process launch(Path directory, int port) throws IOException;

    /** Does what has to be done once before a member of a cluster is launched on an empty directory. */
    default void prepareMember(Path directory, Seat seat) throws IOException {}

    /** Launches a member of a cluster on a directory, empty or left by an earlier one, and does not wait for it. */
    Process launchMember(Path directory, Seat seat) throws IOException;

    /** The topic configs under which every acknowledged batch is on disk, or is left to the operating system. */
    Map<String, String> durability(boolean isOnDisk);
}
