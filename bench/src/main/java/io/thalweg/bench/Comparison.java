package io.thalweg.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Takes turns: every round of a load runs on each peer before the next round begins, so that what disturbs the machine disturbs both.
 * All servers are up all the time; the idle one's cost is part of what is measured, and small.
 *
 * <p>Who is first changes from round to round, and every load's files are gone before the next begins: pages that were just given back
 * are several times cheaper to write to than pages that a virtual machine has to ask its host for.
 */
final class Comparison {

    private final List<? extends Peer> peers;
    private final BiFunction<Peer, Path, Target> start;
    private final List<Load> loads;
    private final int rounds;

    /** A comparison of single servers. */
    Comparison(List<? extends Peer> peers, List<Load> loads, int rounds) {
        this(peers, Server::start, loads, rounds);
    }

    /**
     * A comparison of whatever is started.
     *
     * @param start starts a peer on a directory; returns when it answers
     */
    Comparison(List<? extends Peer> peers, BiFunction<Peer, Path, Target> start, List<Load> loads, int rounds) {
        this.start = start;
        this.peers = peers;
        this.loads = loads;
        this.rounds = rounds;
    }

    void run(PrintStream out) throws IOException {
        var directory = Files.createTempDirectory("thalweg-bench");
        var servers = new ArrayList<Target>();
        try {
            for (var peer : peers) {
                System.err.println("starting " + peer.name() + " ...");
                servers.add(start.apply(peer, directory.resolve(peer.name())));
            }
            for (var load : loads) {
                print(out, load, measure(servers, load));
            }
        } finally {
            servers.forEach(Target::close);
            delete(directory);
        }
    }

    /** The rounds of each peer; a first one, which warms the server, the client and the disk, is left out. */
    private Map<String, List<Map<String, Double>>> measure(List<Target> servers, Load load) {
        var measured = new LinkedHashMap<String, List<Map<String, Double>>>();
        for (var round = 0; round <= rounds; round++) {
            for (var server : inTurn(servers, round)) {
                var name = server.peer().name();
                System.err.printf("%s: %s, %s%n", load.name(), name, round == 0 ? "warm-up" : "round " + round);
                var row = load.run(server);
                if (round > 0) {
                    measured.computeIfAbsent(name, first -> new ArrayList<>()).add(row);
                }
            }
        }
        return measured;
    }

    private static List<Target> inTurn(List<Target> servers, int round) {
        var turn = new ArrayList<>(servers);
        Collections.rotate(turn, round - 1);
        return turn;
    }

    private static void print(PrintStream out, Load load, Map<String, List<Map<String, Double>>> measured) {
        out.printf("%n%s: %s%n", load.name(), load.describe());
        var columns = measured.values().iterator().next().get(0).keySet();
        out.printf("  %-10s", "");
        columns.forEach(column -> out.printf("%26s", column));
        out.println();
        measured.forEach((peer, rows) -> {
            out.printf("  %-10s", peer);
            for (var column : columns) {
                var values = rows.stream().map(row -> row.get(column)).sorted().toList();
                out.printf(
                        "%26s",
                        number(values.get(values.size() / 2)) + " (" + number(values.get(0)) + ".."
                                + number(values.get(values.size() - 1)) + ")");
            }
            out.println();
        });
        out.flush();
    }

    private static String number(double value) {
        return value >= 100
                ? String.format("%,.0f", value)
                : value >= 10 ? String.format("%.1f", value) : String.format("%.2f", value);
    }

    static void delete(Path directory) throws IOException {
        try (var all = Files.walk(directory)) {
            for (var each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
