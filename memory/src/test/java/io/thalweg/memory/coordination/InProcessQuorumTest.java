package io.thalweg.memory.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.tck.coordination.MetadataQuorumContract;
import io.thalweg.tck.runtime.RealRuntime;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class InProcessQuorumTest extends MetadataQuorumContract {

    private final RealRuntime runtime = new RealRuntime();
    private final Map<Integer, Workers.Pool> pools = new TreeMap<>();
    private final InProcessQuorum quorum = InProcessQuorum.of(1, 2, 3);

    @Override
    protected MetadataLog open(int node) {
        return quorum.join(node, pools.computeIfAbsent(node, id -> runtime.start("metadata-" + id, 1)));
    }

    @Override
    protected void cutOff(int node) {
        quorum.cutOff(node);
    }

    @Override
    protected void rejoin(int node) {
        quorum.rejoin(node);
    }

    @AfterEach
    void stop() {
        pools.values().forEach(Workers.Pool::close);
        runtime.close();
    }

    @Test
    void leadershipIsMovedAndResigned() {
        assertThat(quorum.leader()).hasValue(1);

        quorum.lead(3);

        assertThat(quorum.leader()).hasValue(3);
        quorum.resign();
        assertThat(quorum.leader()).hasValue(1);
    }

    @Test
    void oneThatIsCutOffCannotLead() {
        quorum.cutOff(2);

        assertThatThrownBy(() -> quorum.lead(2)).hasMessageContaining("node 2 cannot lead");
    }

    @Test
    void nobodyLeadsWithoutAMajority() {
        quorum.cutOff(1);
        quorum.cutOff(2);

        assertThat(quorum.leader()).isEmpty();
        quorum.rejoin(2);
        assertThat(quorum.leader()).hasValue(2);
    }

    @Test
    void aNodeJoinsOnce() {
        assertThatThrownBy(() -> open(2)).hasMessageContaining("node 2 has joined");
    }
}
