package io.thalweg.bench;

import java.nio.file.Path;
import java.util.List;

/** The peers as {@code bench/run} has prepared them. */
final class Peers {

    private Peers() {}

    static List<Peer> both() {
        return List.of(thalweg(true), kafka());
    }

    /** The same, and Thalweg as it starts the first time. */
    static List<Peer> withoutArchiveToo() {
        return List.of(thalweg(true), thalweg(false), kafka());
    }

    private static Path home() {
        return Path.of(System.getProperty("thalweg.home"));
    }

    private static Peer thalweg(boolean hasArchive) {
        return new ThalwegPeer(home(), hasArchive);
    }

    private static Peer kafka() {
        return new KafkaPeer(
                Path.of(System.getProperty("kafka.libs")), home().resolve("bench/kafka/log4j2.properties"));
    }
}
