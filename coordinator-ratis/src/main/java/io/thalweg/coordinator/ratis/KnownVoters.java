package io.thalweg.coordinator.ratis;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.coordination.MetadataLogContext.Quorum;
import io.thalweg.spi.coordination.QuorumVoter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * The voters as the directory of one of them has them. Nothing that voters tell each other says of which cluster they are: one that began
 * with the log of another cluster could win an election, and the cluster would have no controller any more.
 */
final class KnownVoters {

    /** Of Ratis, see {@code docs/FORMATS.md}. */
    private static final Path FILE = Path.of(QuorumPeers.GROUP_ID.getUuid().toString(), "current", "raft-meta.conf");

    private KnownVoters() {}

    /**
     * Sees to it that a directory is not one of another cluster, as far as that shows: it knows the other voters of the settings by other
     * addresses. Voters that have replaced those of the settings have ids of their own.
     *
     * @throws ConfigException if it is
     */
    static void check(Path directory, Quorum quorum) throws IOException {
        var known = in(directory);
        var others = quorum.voters().stream()
                .filter(voter -> voter.id() != quorum.nodeId())
                .toList();
        var sameIds = others.stream()
                .filter(voter -> known.stream().anyMatch(other -> other.id() == voter.id()))
                .toList();
        if (!sameIds.isEmpty() && sameIds.stream().noneMatch(known::contains)) {
            throw new ConfigException("controller.quorum.voters=" + text(quorum.voters())
                    + " refused: the metadata log in " + directory + " is that of a cluster whose voters are "
                    + text(known)
                    + "; start it with these, or give this node another log.dirs or metadata.log.dir");
        }
    }

    private static String text(List<QuorumVoter> voters) {
        return String.join(",", voters.stream().map(QuorumVoter::toString).toList());
    }

    /** None where there is no such file yet; what is in one that is damaged, Ratis says. */
    private static List<QuorumVoter> in(Path directory) throws IOException {
        var file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return LogEntryProto.parseFrom(Files.readAllBytes(file)).getConfigurationEntry().getPeersList().stream()
                    .map(KnownVoters::toVoter)
                    .toList();
        } catch (InvalidProtocolBufferException e) {
            return List.of();
        }
    }

    private static QuorumVoter toVoter(RaftPeerProto peer) {
        return QuorumVoter.parse(peer.getId().toStringUtf8() + "@" + peer.getAddress());
    }
}
