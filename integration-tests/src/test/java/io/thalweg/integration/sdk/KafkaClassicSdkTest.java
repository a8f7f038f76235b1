package io.thalweg.integration.sdk;

import io.thalweg.api.GroupProtocol;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** Apache Kafka without the consumer protocol, as before 4.0: members find out by themselves. */
@Tag("slow")
final class KafkaClassicSdkTest extends GroupSuite {

    @Override
    Cluster start(Path directory) throws Exception {
        return Cluster.kafka(directory, "group.coordinator.rebalance.protocols=classic");
    }

    @Override
    GroupProtocol protocol() {
        return GroupProtocol.AUTOMATIC;
    }
}
