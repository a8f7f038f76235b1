package io.thalweg.samples;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.nio.file.Path;
import java.util.List;

/** A broker inside an application: on disk, on a free port, for any Kafka client. */
public final class EmbeddedBroker {

    private EmbeddedBroker() {}

    /** Keeps the logs in the directory that is named first. */
    public static void main(String[] args) throws Exception {
        run(Path.of(args[0])).forEach(System.out::println);
    }

    static List<String> run(Path directory) throws Exception {
        // README: embed
        try (var broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .start()) {
            return KafkaClients.roundTrip(broker.bootstrap());
        }
        // end
    }
}
