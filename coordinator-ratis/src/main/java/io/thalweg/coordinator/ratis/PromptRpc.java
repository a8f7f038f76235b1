package io.thalweg.coordinator.ratis;

import java.util.concurrent.CompletableFuture;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.apache.ratis.util.LifeCycle;

/**
 * gRPC, by which the other voters hear at once what is committed. As Ratis has it they hear that with the next entry or heartbeat, which is
 * up to half a second later: who creates a topic at one broker would not find it at the next.
 *
 * <p>And one of them that has lost its disk is sent what it lacks, which Ratis as it comes does not do (RATIS-2523).
 */
final class PromptRpc implements RpcType {

    private static final String FOLLOWERS = "followers";

    /** Ratis makes one of its own, by its name; servers have to be built with {@link #parameters}. */
    PromptRpc() {}

    static Parameters parameters(Followers followers) {
        var parameters = new Parameters();
        parameters.put(FOLLOWERS, followers, Followers.class);
        return parameters;
    }

    @Override
    public String name() {
        return PromptRpc.class.getName();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new Factory(parameters);
    }

    private static final class Factory extends GrpcFactory {

        private final Followers followers;

        Factory(Parameters parameters) {
            super(parameters);
            this.followers = parameters.getNonNull(FOLLOWERS, Followers.class);
        }

        @Override
        public LogAppender newLogAppender(RaftServer.Division server, LeaderState leader, FollowerInfo follower) {
            var appender = new Appender(server, leader, follower, followers);
            followers.add(appender);
            return appender;
        }
    }

    private static final class Appender extends GrpcLogAppender {

        private final Followers followers;

        /** Up to where the voter was told, as far as it had the entries then: what it has not it does not count. */
        private volatile long toldIndex = -1;

        Appender(RaftServer.Division server, LeaderState leader, FollowerInfo follower, Followers followers) {
            super(server, leader, follower);
            this.followers = followers;
        }

        /** The next entry tells it, too. */
        @Override
        public long getHeartbeatWaitTimeMs() {
            return !hasAppendEntries() && countableIndex() > toldIndex ? 0 : super.getHeartbeatWaitTimeMs();
        }

        @Override
        public AppendEntriesRequestProto newAppendEntriesRequest(long callId, boolean heartbeat)
                throws RaftLogIOException {
            var countable = countableIndex();
            var request = super.newAppendEntriesRequest(callId, heartbeat);
            if (request != null) {
                toldIndex = countable;
            }
            return request;
        }

        /**
         * One that has lost its disk has less than it confirmed once. Ratis offers it what comes behind that, again and again; what it says
         * it needs is sent instead, and what it has already does no harm.
         */
        @Override
        protected long getNextIndexForInconsistency(long requestFirstIndex, long replyNextIndex) {
            return replyNextIndex <= getFollower().getMatchIndex()
                    ? replyNextIndex
                    : super.getNextIndexForInconsistency(requestFirstIndex, replyNextIndex);
        }

        private long countableIndex() {
            return Math.min(getRaftLog().getLastCommittedIndex(), getFollower().getMatchIndex());
        }

        @Override
        public CompletableFuture<LifeCycle.State> stopAsync() {
            followers.remove(this);
            return super.stopAsync();
        }
    }
}
