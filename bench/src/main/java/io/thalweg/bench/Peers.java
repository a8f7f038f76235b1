package io.thalweg.bench;

import java.nio.file.Path;
import java.util.List;

/** The peers as {@code bench/run} has prepared them. */
final class Peers {

    private Peers() {}

    static List<Peer> both() {
        var home = Path.of(System.getProperty("thalweg.home"));
        var kafka = Path.of(System.getProperty("kafka.libs"));
        return List.of(new ThalwegPeer(home), new KafkaPeer(kafka, home.resolve("bench/kafka/log4j2.properties")));
    }
}
