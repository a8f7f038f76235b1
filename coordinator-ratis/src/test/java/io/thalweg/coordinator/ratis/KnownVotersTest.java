package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.thalweg.spi.coordination.MetadataLogContext.Quorum;
import io.thalweg.spi.coordination.QuorumVoter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KnownVotersTest {

    @TempDir
    private Path directory;

    private List<QuorumVoter> formed = List.of();

    @Test
    void othersAtOtherAddressesMayBeOfAnotherCluster() throws Exception {
        var metadata = form().resolve("__cluster_metadata");

        assertThat(KnownVoters.doubts(metadata, quorum("1@" + address(1), "2@other:2", "3@other:3")))
                .singleElement(STRING)
                .contains(metadata.toString(), "2@" + address(2), "2@other:2", "stop this server");
    }

    @Test
    void voterThatHasMovedIsLookedForWhereItWas() throws Exception {
        var metadata = form().resolve("__cluster_metadata");

        assertThat(KnownVoters.doubts(metadata, quorum("1@other:1", "2@" + address(2), "3@" + address(3))))
                .singleElement(STRING)
                .contains(metadata.toString(), "1@" + address(1), "1@other:1", "remove it from the quorum");
    }

    @Test
    void whoIsKnownAtTheSameAddressOrByNoIdOfTheSettingsIsOfThisCluster() throws Exception {
        var metadata = form().resolve("__cluster_metadata");

        assertThat(KnownVoters.doubts(metadata, quorum("1@" + address(1), "2@other:2", "3@" + address(3))))
                .isEmpty();
        assertThat(KnownVoters.doubts(metadata, quorum("4@other:4", "5@other:5")))
                .isEmpty();
        assertThat(KnownVoters.doubts(metadata, quorum())).isEmpty();
        assertThat(KnownVoters.doubts(directory, quorum("1@other:1", "2@other:2")))
                .isEmpty();
    }

    @Test
    void whatIsDamagedIsNoReasonToDoubt() throws Exception {
        var metadata = form().resolve("__cluster_metadata");
        var file = metadata.resolve(QuorumPeers.GROUP_ID.getUuid().toString()).resolve("current/raft-meta.conf");
        var text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(file, text.replace("127.0.0.1:", "127.0.0.1;"), StandardCharsets.ISO_8859_1);

        assertThat(KnownVoters.doubts(metadata, quorum("1@other:1", "2@other:2", "3@other:3")))
                .isEmpty();
    }

    private String address(int node) {
        return formed.get(node - 1).endpoint().toString();
    }

    /** Of node 1. */
    private static Quorum quorum(String... voters) {
        return new Quorum(1, true, Arrays.stream(voters).map(QuorumVoter::parse).toList(), List.of(), Optional.empty());
    }

    /** Has a quorum elect its first leader, and ends it; tells the directory of node 1. */
    private Path form() throws Exception {
        try (var rig = new QuorumRig(directory, 3)) {
            rig.form();
            formed = rig.voters();
        }
        return directory.resolve("node-1");
    }
}
