package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.tck.coordination.MetadataQuorumContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.util.CodeInjectionForTesting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class RatisQuorumTest extends MetadataQuorumContract {

    /** Where Ratis takes a request of another member. */
    private static final List<String> REQUESTS = List.of(
            "RaftServerImpl.requestVote",
            "RaftServerImpl.startLeaderElection",
            "RaftServerImpl.appendEntries",
            "RaftServerImpl.installSnapshot");

    private final QuorumRig rig;
    private final Set<String> cutOff = ConcurrentHashMap.newKeySet();

    RatisQuorumTest(@TempDir Path directory) {
        rig = new QuorumRig(directory, 3);
    }

    @BeforeEach
    void watchRequests() {
        REQUESTS.forEach(point -> CodeInjectionForTesting.put(point, this::refuse));
    }

    private boolean refuse(Object local, Object remote, Object... request) {
        if (cutOff.contains(String.valueOf(local)) || cutOff.contains(String.valueOf(remote))) {
            throw new IllegalStateException("no way from " + remote + " to " + local);
        }
        return false;
    }

    @Override
    protected MetadataLog open(int node) {
        return rig.open(node);
    }

    @Override
    protected void cutOff(int node) {
        cutOff.add(Integer.toString(node));
    }

    @Override
    protected void rejoin(int node) {
        cutOff.remove(Integer.toString(node));
    }

    @AfterEach
    void stop() {
        REQUESTS.forEach(CodeInjectionForTesting::remove);
        rig.close();
    }
}
