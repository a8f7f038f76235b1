package io.thalweg.memory.coordination;

import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.tck.coordination.MetadataLogContract;
import io.thalweg.tck.runtime.RealRuntime;
import org.junit.jupiter.api.AfterEach;

final class InProcessQuorumLogTest extends MetadataLogContract {

    private final RealRuntime runtime = new RealRuntime();
    private final Workers.Pool pool = runtime.start("metadata", 1);
    private final InProcessQuorum quorum = InProcessQuorum.of(1);

    @Override
    protected MetadataLog open() {
        return quorum.join(1, pool);
    }

    @AfterEach
    void stop() {
        pool.close();
        runtime.close();
    }
}
