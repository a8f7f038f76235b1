package io.thalweg.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ./thalweg server}.
 *
 * @param hasArchive whether the launcher may use the class archive that it keeps
 */
record ThalwegPeer(Path home, boolean hasArchive) implements Peer {

    @Override
    public String name() {
        return hasArchive ? "Thalweg" : "Thalweg without class archive";
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
        var environment = new HashMap<>(Map.of("THALWEG_JVM_OPTS", "-Xms1g -Xmx1g"));
        if (!hasArchive) {
            environment.put("THALWEG_CACHE", "");
        }
        return Servers.launch(directory, command, environment);
    }

    @Override
    public Map<String, String> durability(boolean isOnDisk) {
        return Map.of("durability", isOnDisk ? "fsync" : "os");
    }
}
