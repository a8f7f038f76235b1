package io.thalweg.integration.sdk;

import java.nio.file.Path;

final class InProcessSdkTest extends GroupSuite {

    @Override
    Cluster start(Path directory) throws Exception {
        return Cluster.inProcess();
    }
}
