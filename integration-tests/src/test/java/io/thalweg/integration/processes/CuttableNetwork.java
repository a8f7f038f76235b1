package io.thalweg.integration.processes;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What lies between the servers of a cluster and their clients: every connection goes through a {@link Relay} and may be cut, in one
 * direction or in both. What was said meanwhile arrives when the way is free again, as from a network that was repaired. Any thread.
 *
 * <p>Who has opened a connection is found by its port in the tables of the kernel, so it works on Linux only.
 */
final class CuttableNetwork implements AutoCloseable {

    /** Whoever is no server. */
    static final int CLIENTS = 0;

    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;

    private final Map<Integer, Long> processes = new ConcurrentHashMap<>();
    private final Set<Way> cuts = new HashSet<>();
    private final List<Relay> relays = new ArrayList<>();

    /** What is said by one and heard by another. */
    private record Way(int from, int to) {}

    /** Opens an address by which a server is reached that listens on this port; gives the port of that address. */
    synchronized int openWayTo(int server, int port) throws IOException {
        var relay = Relay.open(this, server, port);
        relays.add(relay);
        return relay.port();
    }

    /** A server runs in this process from now on. */
    void runs(int server, long pid) {
        processes.put(server, pid);
    }

    /** Nothing that one says is heard by the other any more. */
    synchronized void cut(int from, int to) {
        cuts.add(new Way(from, to));
    }

    /** All ways are free. */
    synchronized void repair() {
        cuts.clear();
        notifyAll();
    }

    /** Returns once the way is free. */
    synchronized void awaitWay(int from, int to) throws InterruptedException {
        var way = new Way(from, to);
        while (cuts.contains(way)) {
            wait();
        }
    }

    /** Which server has opened a connection from this port, or {@link #CLIENTS}. */
    int opener(int port) throws IOException {
        var socket = "socket:[" + inode(port) + "]";
        for (var process : processes.entrySet()) {
            if (hasOpen(process.getValue(), socket)) {
                return process.getKey();
            }
        }
        return CLIENTS;
    }

    private static String inode(int port) throws IOException {
        var end = String.format(":%04X", port);
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (var line : Files.readAllLines(Path.of(table))) {
                var columns = line.strip().split(" +", -1);
                if (columns[LOCAL_ADDRESS].endsWith(end)) {
                    return columns[INODE];
                }
            }
        }
        return "none";
    }

    private static boolean hasOpen(long pid, String socket) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (var each : open) {
                if (isLinkTo(each, socket)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // The process has ended.
        }
    }

    private static boolean isLinkTo(Path link, String name) {
        try {
            return Files.readSymbolicLink(link).toString().equals(name);
        } catch (IOException e) {
            return false; // It was closed meanwhile.
        }
    }

    @Override
    public void close() {
        repair();
        relays.forEach(Relay::close);
    }
}
