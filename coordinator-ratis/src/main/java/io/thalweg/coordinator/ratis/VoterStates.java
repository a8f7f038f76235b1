package io.thalweg.coordinator.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.runtime.Clock;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;

/** How far the voters have come, which only the leader knows. Any thread. */
final class VoterStates {

    private final RaftServer server;
    private final int self;
    private final Supplier<List<QuorumVoter>> voters;
    private final ListenerFeed feed;
    private final Clock clock;

    @GuardedBy("this") private final TreeMap<Integer, Long> caughtUpMillis = new TreeMap<>();

    VoterStates(RaftServer server, int self, Supplier<List<QuorumVoter>> voters, ListenerFeed feed, Clock clock) {
        this.server = server;
        this.self = self;
        this.voters = voters;
        this.feed = feed;
        this.clock = clock;
    }

    /** Who asked as an observer not long ago may vote by now. */
    QuorumState state(List<QuorumState.Member> asking) {
        var known = followers();
        var members = voters.get().stream()
                .map(voter -> voter.id() == self ? self() : known.getOrDefault(voter.id(), unknown(voter.id())))
                .sorted(Comparator.comparingInt(QuorumState.Member::id))
                .toList();
        var observers = asking.stream()
                .filter(each -> members.stream().noneMatch(member -> member.id() == each.id()))
                .toList();
        return new QuorumState(feed.leadership(), feed.endOffset(), members, observers);
    }

    private QuorumState.Member self() {
        var now = feed.leadership().isLocal() ? clock.millis() : QuorumState.UNKNOWN;
        return new QuorumState.Member(self, feed.endOffset(), now, now);
    }

    private static QuorumState.Member unknown(int id) {
        return new QuorumState.Member(id, QuorumState.UNKNOWN, QuorumState.UNKNOWN, QuorumState.UNKNOWN);
    }

    /** The follower that has come farthest; nobody unless this member leads and has others. */
    OptionalInt nextLeader() {
        return followers().values().stream()
                .max(Comparator.comparingLong(QuorumState.Member::endOffset))
                .map(member -> OptionalInt.of(member.id()))
                .orElse(OptionalInt.empty());
    }

    private Map<Integer, QuorumState.Member> followers() {
        var found = new TreeMap<Integer, QuorumState.Member>();
        try {
            var info = server.getDivision(QuorumPeers.GROUP_ID).getInfo();
            var matched = info.getFollowerMatchIndices();
            var followers = info.getRoleInfoProto().getLeaderInfo().getFollowerInfoList();
            for (var i = 0; matched != null && i < Math.min(matched.length, followers.size()); i++) {
                var member = follower(info, followers.get(i), matched[i] + 1);
                found.put(member.id(), member);
            }
        } catch (IOException e) {
            return found;
        }
        return found;
    }

    private synchronized QuorumState.Member follower(DivisionInfo info, ServerRpcProto rpc, long endOffset) {
        var id = QuorumPeers.nodeId(RaftPeerId.valueOf(rpc.getId().getId()));
        var heard = clock.millis() - rpc.getLastRpcElapsedTimeMs();
        if (endOffset > info.getLastAppliedIndex()) {
            caughtUpMillis.put(id, heard);
        }
        return new QuorumState.Member(id, endOffset, heard, caughtUpMillis.getOrDefault(id, QuorumState.UNKNOWN));
    }
}
