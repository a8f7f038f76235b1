package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.coordination.MetadataLogContext.Quorum;
import io.thalweg.spi.coordination.QuorumVoter;
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

    @Test
    void aVoterDoesNotBeginWithTheMetadataOfAnotherCluster() throws Exception {
        var theirs = directory.resolve("theirs");
        form(theirs);
        var ours = directory.resolve("ours");
        Files.createDirectories(ours);
        Files.move(theirs.resolve("node-1"), ours.resolve("node-1"));

        try (var rig = new QuorumRig(ours, 3)) {
            assertThatThrownBy(() -> rig.open(1).close())
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll(
                            "controller.quorum.voters=1@", "another", "voters are 1@", ours.toString());
        }
    }

    @Test
    void whoIsKnownAtTheSameAddressOrByNoIdOfTheSettingsIsOfThisCluster() throws Exception {
        var metadata = form(directory).resolve("__cluster_metadata");

        KnownVoters.check(metadata, quorum("1@other:1", "2@other:2", "3@" + address(3)));
        KnownVoters.check(metadata, quorum("1@other:1", "4@other:4", "5@other:5"));
        KnownVoters.check(metadata, quorum());

        assertThatThrownBy(() -> KnownVoters.check(metadata, quorum("1@" + address(1), "2@other:2", "3@other:3")))
                .isInstanceOf(ConfigException.class);
    }

    private List<QuorumVoter> formed = List.of();

    private String address(int node) {
        return formed.get(node - 1).endpoint().toString();
    }

    /** Of node 1. */
    private static Quorum quorum(String... voters) {
        return new Quorum(1, true, Arrays.stream(voters).map(QuorumVoter::parse).toList(), List.of(), Optional.empty());
    }

    /** Has a quorum below a directory elect its first leader, and ends it; tells the directory of node 1. */
    private Path form(Path below) throws Exception {
        try (var rig = new QuorumRig(below, 3)) {
            rig.form();
            formed = rig.voters();
        }
        return below.resolve("node-1");
    }
}
