package io.thalweg.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code ./thalweg server}. */
record ThalwegPeer(Path home) implements Peer {

    @Override
    public String name() {
        return "Thalweg";
    }

    @Override
    public Process launch(Path directory, int port) throws IOException {
        var command = List.of(
                home.resolve("thalweg").toString(),
                "server",
                "--set",
                "listeners=PLAINTEXT://127.0.0.1:" + port,
                "--set",
                "log.dirs=" + directory.resolve("data"));
        return Servers.launch(directory, command, Map.of("THALWEG_JVM_OPTS", "-Xms1g -Xmx1g"));
    }

    @Override
    public Map<String, String> durability(boolean isOnDisk) {
        return Map.of("durability", isOnDisk ? "fsync" : "os");
    }
}
