package io.thalweg.integration.sdk;

import java.nio.file.Path;

final class SocketSdkTest extends SdkSuite {

    @Override
    Cluster start(Path directory) throws Exception {
        return Cluster.onSockets(directory);
    }
}
