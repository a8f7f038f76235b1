package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.LINUX;

import io.thalweg.spi.transport.Endpoint;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.io.TempDir;

/** A server whose descriptors are used up, before it had anything to log. */
@EnabledOnOs(LINUX)
final class DescriptorsTest {

    private static final int LIMIT = 300;

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void whoHasWaitedIsServedOnceOthersHaveGone() throws Exception {
        try (var server = ServerProcess.startWithDescriptors(LIMIT, directory.resolve("data"))) {
            var bootstrap = server.wordAfter("Thalweg ready on");
            assertThat(produced(bootstrap)).isZero();
            var idle = connect(Endpoint.parse(bootstrap), LIMIT);
            try {
                Awaitility.await()
                        .until(() -> Files.readString(directory.resolve("server.log"))
                                .contains("no connection is accepted at " + bootstrap));
            } finally {
                for (var each : idle) {
                    each.close();
                }
            }

            assertThat(produced(bootstrap)).isOne();
        }
    }

    private static List<Socket> connect(Endpoint endpoint, int count) throws IOException {
        var connections = new ArrayList<Socket>();
        for (var i = 0; i < count; i++) {
            connections.add(new Socket(endpoint.host(), endpoint.port()));
        }
        return connections;
    }

    /** Sends a record over connections of its own, and says at which offset it is. */
    private static long produced(String bootstrap) throws Exception {
        var settings = Map.<String, Object>of("bootstrap.servers", bootstrap);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>("flights", new byte[1]))
                    .get()
                    .offset();
        }
    }
}
