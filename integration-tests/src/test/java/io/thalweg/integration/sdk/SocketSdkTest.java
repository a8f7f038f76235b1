package io.thalweg.integration.sdk;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

@Tag("slow")
final class SocketSdkTest extends GroupSuite {

    @Override
    Cluster start(Path directory) throws Exception {
        return Cluster.onSockets(directory);
    }
}
