package io.thalweg.integration.sdk;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

@Tag("slow")
final class ClusterSdkTest extends GroupSuite {

    @Override
    Cluster start(Path directory) throws Exception {
        return Cluster.of(RestartableBrokers.start(builder -> Cluster.quick(builder)
                .config("broker.session.timeout.ms", "60000")
                .config("controlled.shutdown.enable", "false")));
    }
}
