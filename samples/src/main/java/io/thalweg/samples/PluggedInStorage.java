package io.thalweg.samples;

import io.thalweg.broker.Broker;
import io.thalweg.samples.onefile.OneFileStorage;
import java.nio.file.Path;
import java.util.List;

/** A broker on somebody else's storage: all logs in one file. */
public final class PluggedInStorage {

    private PluggedInStorage() {}

    /** Keeps everything in the file that is named first. */
    public static void main(String[] args) throws Exception {
        run(Path.of(args[0])).forEach(System.out::println);
    }

    static List<String> run(Path file) throws Exception {
        // README: plug-in
        try (var broker = Broker.builder()
                .storage(OneFileStorage.at(file))
                .listen("127.0.0.1:0")
                .start()) {
            return KafkaClients.roundTrip(broker.bootstrap());
        }
        // end
    }

    /** The same chosen by settings, as a {@code server.properties} would. */
    static List<String> runBySettings(Path file) throws Exception {
        try (var broker = Broker.builder()
                .config("storage", "one-file")
                .config("storage.one-file.path", file.toString())
                .listen("127.0.0.1:0")
                .start()) {
            return KafkaClients.roundTrip(broker.bootstrap());
        }
    }
}
