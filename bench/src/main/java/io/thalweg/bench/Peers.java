package io.thalweg.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The peers as {@code bench/run} has prepared them. */
final class Peers {

    private Peers() {}

    static List<Peer> both() {
        return List.of(thalweg(), kafka());
    }

    /** The same, and Thalweg as it starts the first time, and the image, if there is one. */
    static List<Peer> everyWayToStart() {
        var peers = new ArrayList<Peer>();
        var image = home().resolve("cli/target/image/bin/thalweg");
        if (Files.isExecutable(image)) {
            peers.add(new ThalwegPeer("Thalweg image", image, Map.of()));
        }
        peers.add(thalweg());
        peers.add(new ThalwegPeer("Thalweg without class archive", launcher(), Map.of("THALWEG_CACHE", "")));
        peers.add(kafka());
        return peers;
    }

    private static Path home() {
        return Path.of(System.getProperty("thalweg.home"));
    }

    private static Path launcher() {
        return home().resolve("thalweg");
    }

    private static Peer thalweg() {
        return new ThalwegPeer("Thalweg", launcher(), Map.of());
    }

    private static Peer kafka() {
        return new KafkaPeer(
                Path.of(System.getProperty("kafka.libs")), home().resolve("bench/kafka/log4j2.properties"));
    }
}
