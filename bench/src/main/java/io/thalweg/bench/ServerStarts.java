package io.thalweg.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Launches server processes on empty directories, in turns, and times each to the first record that it acknowledges with
 * {@code acks=all}. Formatting Kafka's directory, a process of its own, does not count.
 */
final class ServerStarts {

    private final List<? extends Peer> peers;
    private final int starts;

    ServerStarts(List<? extends Peer> peers, int starts) {
        this.peers = peers;
        this.starts = starts;
    }

    void run(PrintStream out) throws IOException, InterruptedException, ExecutionException {
        out.printf(
                "%nserver processes, %d starts each in turns, milliseconds to the first record acknowledged%n", starts);
        var times = new double[peers.size()][starts];
        for (var start = -1; start < starts; start++) {
            for (var peer = 0; peer < peers.size(); peer++) {
                var millis = once(peers.get(peer));
                if (start >= 0) {
                    times[peer][start] = millis;
                }
            }
        }
        for (var peer = 0; peer < peers.size(); peer++) {
            print(out, peers.get(peer), times[peer]);
        }
    }

    private static void print(PrintStream out, Peer peer, double[] millis) {
        Arrays.sort(millis);
        out.printf("  %-32s least %,7.0f   median %,7.0f%n", peer.name(), millis[0], millis[millis.length / 2]);
    }

    private static double once(Peer peer) throws IOException, InterruptedException, ExecutionException {
        var directory = Files.createTempDirectory("thalweg-bench");
        var port = Servers.freePort();
        try {
            peer.prepare(directory, port);
            var beginNanos = System.nanoTime();
            var process = peer.launch(directory, port);
            try {
                Restarts.acknowledgeOne("127.0.0.1:" + port);
                return (System.nanoTime() - beginNanos) / 1e6;
            } finally {
                process.destroyForcibly().waitFor();
            }
        } finally {
            Comparison.delete(directory);
        }
    }
}
