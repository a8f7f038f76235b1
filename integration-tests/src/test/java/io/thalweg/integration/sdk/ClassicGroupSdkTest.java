package io.thalweg.integration.sdk;

import io.thalweg.api.GroupProtocol;
import java.nio.file.Path;

final class ClassicGroupSdkTest extends GroupSuite {

    @Override
    Cluster start(Path directory) throws Exception {
        return Cluster.inProcess();
    }

    @Override
    GroupProtocol protocol() {
        return GroupProtocol.CLASSIC;
    }
}
