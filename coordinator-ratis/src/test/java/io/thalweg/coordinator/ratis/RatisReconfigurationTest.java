package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.tck.coordination.ReconfigurableQuorumContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
final class RatisReconfigurationTest extends ReconfigurableQuorumContract {

    private final QuorumRig rig;

    RatisReconfigurationTest(@TempDir Path directory) {
        rig = new QuorumRig(directory, 3);
    }

    @Override
    protected MetadataLog open(int node) {
        return node == rig.newcomer().id() ? rig.openNewcomer() : rig.open(node);
    }

    @Override
    protected QuorumVoter newcomer() {
        return rig.newcomer();
    }

    @AfterEach
    void stop() {
        rig.close();
    }
}
