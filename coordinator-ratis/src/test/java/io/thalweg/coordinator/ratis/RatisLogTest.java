package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.tck.coordination.MetadataLogContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
final class RatisLogTest extends MetadataLogContract {

    private final QuorumRig rig;

    RatisLogTest(@TempDir Path directory) {
        rig = new QuorumRig(directory, 1);
    }

    @Override
    protected MetadataLog open() {
        return rig.open(1);
    }

    @AfterEach
    void stop() {
        rig.close();
    }
}
