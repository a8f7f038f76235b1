package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other voters hear at once who leads and what is committed, and not with the leader's next heartbeat: none comes in time. */
final class CommittedEntriesTest {

    /** Heartbeats are minutes apart; the first election is when all are there. */
    private static final Map<String, String> TIMEOUTS =
            Map.of("controller.quorum.fetch.timeout.ms", "600000", "controller.quorum.election.timeout.ms", "10000");

    private static final int ENTRIES = 50;

    private final QuorumRig rig;

    CommittedEntriesTest(@TempDir Path directory) {
        rig = new QuorumRig(directory, 3, TIMEOUTS);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void eachVoterHearsOfTheLeaderAndOfEachEntryBeforeTheNextHeartbeat() throws Exception {
        var opened = IntStream.rangeClosed(1, 3).mapToObj(rig::open).toList();
        try (var one = HeardVoter.of(opened.get(0));
                var two = HeardVoter.of(opened.get(1));
                var three = HeardVoter.of(opened.get(2))) {
            var voters = List.of(one, two, three);
            var leader = one;
            var epoch = -1;
            for (var voter : voters) {
                var told = voter.leader();
                leader = told.isLocal() ? voter : leader;
                epoch = told.epoch();
            }

            for (var i = 0; i < ENTRIES; i++) {
                var offset = leader.propose(epoch);
                for (var voter : voters) {
                    assertThat(voter.entry()).as("entry " + i).isEqualTo(offset);
                }
            }
        }
    }
}
