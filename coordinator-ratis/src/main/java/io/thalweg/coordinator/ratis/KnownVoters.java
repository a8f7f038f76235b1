package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.MetadataLogContext.Quorum;
import io.thalweg.spi.coordination.QuorumVoter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;

/**
 * The voters as the directory of one of them has them. Nothing that voters tell each other says of which cluster they are: one that begins
 * with the log of another cluster may win an election, and the cluster has no controller until that one stops.
 */
final class KnownVoters {

    /** Of Ratis, see {@code docs/FORMATS.md}. */
    private static final Path FILE = Path.of(QuorumPeers.GROUP_ID.getUuid().toString(), "current", "raft-meta.conf");

    private KnownVoters() {}

    /** What an operator should look at before trusting a directory with these settings, one sentence each. */
    static List<String> doubts(Path directory, Quorum quorum) throws IOException {
        var known = in(directory);
        return Stream.of(foreign(directory, known, quorum), moved(directory, known, quorum))
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * A directory looks as if it were one of another cluster where it knows the other voters of the settings, and all by other addresses. So
     * it does where all have moved. Voters that have replaced those of the settings have ids of their own.
     */
    private static Optional<String> foreign(Path directory, List<QuorumVoter> known, Quorum quorum) {
        var sameIds = quorum.voters().stream()
                .filter(voter -> voter.id() != quorum.nodeId())
                .filter(voter -> known.stream().anyMatch(other -> other.id() == voter.id()))
                .toList();
        return sameIds.isEmpty() || sameIds.stream().anyMatch(known::contains)
                ? Optional.empty()
                : Optional.of("the metadata log in " + directory + " knows the voters as " + text(known)
                        + ", and controller.quorum.voters=" + text(quorum.voters())
                        + " names others. If they have moved, all is well; if the directory is one of another cluster, stop this"
                        + " server, or this cluster may be without a controller for as long as it runs");
    }

    /** The others go on looking for a voter where it was when it was added. */
    private static Optional<String> moved(Path directory, List<QuorumVoter> known, Quorum quorum) {
        return quorum.voters().stream()
                .filter(voter -> voter.id() == quorum.nodeId())
                .filter(own -> known.stream().anyMatch(other -> other.id() == own.id() && !other.equals(own)))
                .findAny()
                .map(own -> "this server is voter " + own + " by its settings, and the metadata log in " + directory
                        + " knows the voters as " + text(known)
                        + ": the others look for it there, and bear the loss of one voter less. Give it the address it had; or remove"
                        + " it from the quorum, and start it with that directory moved away and the settings of a voter that is to be"
                        + " added, as docs/OPERATIONS.md says");
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
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            return List.of();
        }
    }

    private static QuorumVoter toVoter(RaftPeerProto peer) {
        return QuorumVoter.parse(peer.getId().toStringUtf8() + "@" + peer.getAddress());
    }
}
