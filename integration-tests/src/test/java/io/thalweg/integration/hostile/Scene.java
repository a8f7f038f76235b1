package io.thalweg.integration.hostile;

import io.thalweg.broker.Broker;
import io.thalweg.integration.wire.RawClient;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A broker over TCP and files that gives up on slow requests soon, and a bystander who must not notice what is done to it: it is asked
 * after each test of the class that registers the scene.
 */
final class Scene implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    /** A topic for hostile clients, whose batches may be large. */
    static final String TARGET = "target";

    static final int MAX_BATCH_BYTES = 16 << 20;
    static final int MAX_REQUEST_BYTES = 32 << 20;

    private Path directory;
    private Broker broker;
    private Bystander bystander;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        directory = Files.createTempDirectory("thalweg-hostile-");
        broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .config("socket.request.max.bytes", Integer.toString(MAX_REQUEST_BYTES))
                .config("socket.request.timeout.ms", "2000")
                .config("connections.max.idle.ms", "-1")
                .start();
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            var target = new NewTopic(TARGET, 1, (short) 1)
                    .configs(Map.of("max.message.bytes", Integer.toString(MAX_BATCH_BYTES)));
            admin.createTopics(List.of(target)).all().get();
        }
        bystander = Bystander.start(broker.bootstrap());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        bystanderNoticedNothing();
    }

    /** Also after a start that did not succeed. */
    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (bystander != null) {
            bystander.close();
        }
        if (broker != null) {
            broker.close();
        }
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    RawClient connect() throws IOException {
        return RawClient.connect(broker.bootstrap());
    }

    /** Checks that the bystander gets on as if nothing had happened. */
    void bystanderNoticedNothing() {
        bystander.noticedNothing();
    }

    /** How much heap the event loops allocate while this is done and the bystander does not produce. */
    long heapBytesOf(Bystander.Work work) throws Exception {
        var bytes = new long[1];
        bystander.rest(() -> {
            var before = Memory.heapBytesOfEventLoops();
            work.run();
            bytes[0] = Memory.heapBytesOfEventLoops() - before;
        });
        return bytes[0];
    }
}
