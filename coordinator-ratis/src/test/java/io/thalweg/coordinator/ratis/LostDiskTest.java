package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LostDiskTest {

    private static final int ENTRIES = 10;

    @TempDir
    private Path directory;

    @Test
    void aVoterThatHasLostItsDiskGetsEverythingFromTheLeaderThatKnewIt() throws Exception {
        try (var rig = new QuorumRig(directory, 3)) {
            var voters = IntStream.rangeClosed(1, 3)
                    .mapToObj(node -> HeardVoter.of(rig.open(node)))
                    .toList();
            try {
                var leadership = voters.get(0).leader();
                var leaderId = leadership.leaderId().orElseThrow();
                var leader = voters.get(leaderId - 1);
                var lostId = leaderId % 3 + 1;
                leader.log().barrier().toCompletableFuture().join();
                var offset = leader.propose(leadership.epoch());
                for (var i = 0; i < ENTRIES; i++) {
                    leader.propose(leadership.epoch());
                }
                assertThat(voters.get(lostId - 1).entry()).isEqualTo(offset);

                voters.get(lostId - 1).close();
                delete(directory.resolve("node-" + lostId));
                for (var i = 0; i < ENTRIES; i++) {
                    leader.propose(leadership.epoch());
                }
                try (var again = HeardVoter.of(rig.open(lostId))) {
                    assertThat(again.entry()).isEqualTo(offset);
                }
            } finally {
                voters.forEach(HeardVoter::close);
            }
        }
    }

    private static void delete(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
