package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.transport.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** The voters as Ratis calls them. */
final class QuorumPeers {

    /** The same in every cluster: a server is in one only. */
    static final RaftGroupId GROUP_ID =
            RaftGroupId.valueOf(UUID.nameUUIDFromBytes("thalweg metadata".getBytes(StandardCharsets.UTF_8)));

    private QuorumPeers() {}

    static RaftPeerId id(int nodeId) {
        return RaftPeerId.valueOf(Integer.toString(nodeId));
    }

    static int nodeId(RaftPeerId id) {
        return Integer.parseInt(id.toString());
    }

    /** Of a voter whose address is known and whose id is not. */
    static final RaftPeerId UNKNOWN = RaftPeerId.valueOf("unknown");

    /** The group as one knows it who has not asked yet who votes. */
    static RaftGroup groupAt(Endpoint endpoint) {
        return RaftGroup.valueOf(
                GROUP_ID,
                RaftPeer.newBuilder()
                        .setId(UNKNOWN)
                        .setAddress(endpoint.toString())
                        .build());
    }

    static RaftGroup group(List<QuorumVoter> voters) {
        return RaftGroup.valueOf(
                GROUP_ID,
                voters.stream()
                        .map(voter -> RaftPeer.newBuilder()
                                .setId(id(voter.id()))
                                .setAddress(voter.endpoint().toString())
                                .build())
                        .toList());
    }

    /** Where each of a group is. */
    static Map<RaftPeerId, String> addresses(RaftGroup group) {
        return group.getPeers().stream().collect(Collectors.toUnmodifiableMap(RaftPeer::getId, RaftPeer::getAddress));
    }

    static List<QuorumVoter> voters(Collection<RaftPeer> peers) {
        return peers.stream()
                .map(peer -> new QuorumVoter(nodeId(peer.getId()), Endpoint.parse(peer.getAddress())))
                .sorted(Comparator.comparingInt(QuorumVoter::id))
                .toList();
    }
}
