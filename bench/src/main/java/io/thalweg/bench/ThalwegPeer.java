package io.thalweg.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code thalweg server}.
 *
 * @param command the launcher
 * @param settings of its environment
 */
record ThalwegPeer(String name, Path command, Map<String, String> settings) implements Peer {

    @Override
    public Process launch(Path directory, int port) throws IOException {
        var line = List.of(
                command.toString(),
                "server",
                "--set",
                "listeners=PLAINTEXT://127.0.0.1:" + port,
                "--set",
                "log.dirs=" + directory.resolve("data"));
        var environment = new HashMap<>(settings);
        environment.put("THALWEG_JVM_OPTS", "-Xms1g -Xmx1g");
        return Servers.launch(directory, line, environment);
    }

    @Override
    public Process launchMember(Path directory, Seat seat) throws IOException {
        var settings = new ArrayList<>(Seat.TIMEOUTS);
        settings.add("node.id=" + seat.id());
        settings.add("listeners=" + seat.listeners());
        settings.add("controller.quorum.voters=" + seat.voters());
        settings.add("log.dirs=" + directory.resolve("data"));
        var file = Files.write(directory.resolve("server.properties"), settings);
        var environment = new HashMap<>(this.settings);
        environment.put("THALWEG_JVM_OPTS", "-Xms1g -Xmx1g");
        return Servers.launch(directory, List.of(command.toString(), "server", file.toString()), environment);
    }

    @Override
    public Map<String, String> durability(boolean isOnDisk) {
        return Map.of("durability", isOnDisk ? "fsync" : "os");
    }
}
