package io.thalweg.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * How fast a server sends what lies in the page cache, in turns with a bare loop that does nothing else: it sends the same files by calls
 * of the same size, a piece of each partition after the other, as they are asked for.
 */
final class CatchUp {

    private static final int PARTITIONS = 6;
    private static final int KIB = 1024;
    private static final int SEND_BYTES = 1 << 20;

    /** A server that has read a few gigabytes is compiled; before that one measures its compiler. */
    private static final int WARM_UP_ROUNDS = 5;

    private final List<? extends Peer> peers;
    private final int rounds;
    private final int megabytes;

    CatchUp(List<? extends Peer> peers, int rounds, int megabytes) {
        this.peers = peers;
        this.rounds = rounds;
        this.megabytes = megabytes;
    }

    void run(PrintStream out) throws IOException {
        out.printf(
                "%ncatch-up: MB/s of %,d MB in %d partitions from the page cache, each round%n", megabytes, PARTITIONS);
        for (var peer : peers) {
            var directory = Files.createTempDirectory("thalweg-bench");
            var server = Server.start(peer, directory.resolve(peer.name()));
            try {
                run(server, directory, out);
            } finally {
                server.close();
                Comparison.delete(directory);
            }
        }
    }

    private void run(Server server, Path directory, PrintStream out) throws IOException {
        var topic = "catch-up";
        server.create(topic, PARTITIONS, false);
        var records = megabytes * KIB;
        var config = Map.of("acks", "1", "batch.size", "131072", "linger.ms", "10");
        new ProduceLoad(topic, "", records, KIB, PARTITIONS, 1, false, config).send(server.bootstrap(), topic);
        var files = segments(directory, topic);
        var served = new double[rounds];
        var bare = new double[rounds];
        for (var round = -WARM_UP_ROUNDS; round < rounds; round++) {
            var servedNow = rate(() -> readAll(server, topic));
            var bareNow = rate(() -> sendAll(files));
            if (round >= 0) {
                served[round] = servedNow;
                bare[round] = bareNow;
            }
        }
        print(out, server.peer().name(), served);
        print(out, "sendfile", bare);
        out.printf("  %-10s%9.0f %%%n", "median", 100 * median(served) / median(bare));
    }

    /** Where the server keeps the batches; what else it has would show in pages of another kind. */
    private static List<Path> segments(Path directory, String topic) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().contains(topic + "-"))
                    .filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        }
    }

    private static double median(double[] rates) {
        var sorted = rates.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static void print(PrintStream out, String name, double[] rates) {
        out.printf("  %-10s", name);
        for (var rate : rates) {
            out.printf("%,10.0f", rate);
        }
        out.println();
    }

    private interface Work {
        void run() throws IOException;
    }

    private double rate(Work work) throws IOException {
        var begin = System.nanoTime();
        work.run();
        return megabytes / ((System.nanoTime() - begin) / 1e9);
    }

    private void readAll(Server server, String topic) throws IOException {
        try (var reader = new RawReader(server, topic, PARTITIONS)) {
            reader.read((long) megabytes << 20);
        }
    }

    /** One thread sends, this one takes. */
    private void sendAll(List<Path> files) throws IOException {
        try (var listener =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                var taking = SocketChannel.open(listener.getLocalAddress());
                var sending = listener.accept()) {
            var sender = new Thread(() -> send(files, sending), "sendfile");
            sender.start();
            var target = ByteBuffer.allocateDirect(SEND_BYTES);
            var taken = 0L;
            for (var count = 0; count >= 0; count = taking.read(target.clear())) {
                taken += count;
            }
            sender.join();
            if (taken < (long) megabytes << 20) {
                throw new EOFException("only " + taken + " bytes came");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void send(List<Path> files, SocketChannel target) {
        var sources = new ArrayList<FileChannel>();
        try (target) {
            for (var file : files) {
                sources.add(FileChannel.open(file, StandardOpenOption.READ));
            }
            var at = 0L;
            while (sendPieces(sources, at, target)) {
                at += SEND_BYTES;
            }
            for (var source : sources) {
                source.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends the piece of each file that begins at a position; whether there was one. */
    private static boolean sendPieces(List<FileChannel> sources, long from, SocketChannel target) throws IOException {
        var isMore = false;
        for (var source : sources) {
            var end = Math.min(source.size(), from + SEND_BYTES);
            for (var at = from; at < end; ) {
                at += source.transferTo(at, end - at, target);
                isMore = true;
            }
        }
        return isMore;
    }
}
