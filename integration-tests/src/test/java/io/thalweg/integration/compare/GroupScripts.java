package io.thalweg.integration.compare;

import static io.thalweg.integration.compare.GroupSpeech.commitTopic;
import static io.thalweg.integration.compare.GroupSpeech.leaving;

import io.thalweg.protocol.message.DeleteGroupsResponse;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupResponse;
import io.thalweg.protocol.message.ListGroupsRequest;
import io.thalweg.protocol.message.ListGroupsResponse;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetDeleteResponse;
import io.thalweg.protocol.message.OffsetFetchResponse;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.io.IOException;
import java.util.List;

/** What members and tools say to the coordinator of a group, right and wrong. Nothing in it depends on time. */
enum GroupScripts {
    /** Nobody knows the group, or it has no name. */
    ABSENT {
        @Override
        void tell(Dialogue to) throws IOException {
            for (var group : List.of("absent", "")) {
                var say = new GroupSpeech(group);
                to.ask("heartbeat", say.heartbeat("nobody", 1).build(), 4, HeartbeatResponse.class);
                to.ask("sync", say.sync("nobody", 1).build(), 5, SyncGroupResponse.class);
                to.ask("join", say.join("nobody", "range").build(), 9, JoinGroupResponse.class);
                to.ask("leave", say.leave(leaving("nobody", null)), 5, LeaveGroupResponse.class);
                to.ask("commit", say.commit("nobody", 1).build(), 8, OffsetCommitResponse.class);
                to.ask("commit", say.commit("nobody", 1).build(), 9, OffsetCommitResponse.class);
                to.ask("fetch", say.fetch(), 7, OffsetFetchResponse.class);
                to.ask("fetch", say.fetchAll(), 9, OffsetFetchResponse.class);
                to.ask("delete offsets", say.deleteOffsets("orders"), 0, OffsetDeleteResponse.class);
                to.ask("describe", say.describe(), 5, DescribeGroupsResponse.class);
                to.ask("describe", say.describe(), 6, DescribeGroupsResponse.class);
                to.ask("delete", say.delete(), 2, DeleteGroupsResponse.class);
            }
        }
    },

    /** Joins that cannot be. */
    REFUSED_JOINS {
        @Override
        void tell(Dialogue to) throws IOException {
            var say = new GroupSpeech("refused-joins");
            join(to, say.join("", "range").sessionTimeoutMillis(1), 9);
            join(to, say.join("", "range").sessionTimeoutMillis(Integer.MAX_VALUE), 9);
            join(to, say.join(""), 9);
            join(to, say.join("", "range").protocolType(""), 9);
            var member = join(to, say.join("", "range"), 3).memberId();
            join(to, say.join("", "sticky"), 9);
            join(to, say.join("", "range").protocolType("connect"), 9);
            join(to, say.join("nobody", "range"), 9);
            join(to, say.join(member, "range").groupInstanceId("instance"), 9);
        }
    },

    /** A member joins, syncs, beats and commits, as it should and otherwise. */
    ONE_MEMBER {
        @Override
        void tell(Dialogue to) throws IOException {
            var say = new GroupSpeech("one-member");
            var member = join(to, say.join("", "range", "sticky"), 9).memberId();
            join(to, say.join(member, "range", "sticky"), 9);
            to.ask("commit early", say.commit(member, 1).build(), 9, OffsetCommitResponse.class);
            to.ask("stale sync", say.sync(member, 0, member).build(), 5, SyncGroupResponse.class);
            to.ask("unknown sync", say.sync("nobody", 1, member).build(), 5, SyncGroupResponse.class);
            to.ask(
                    "sync of another protocol",
                    say.sync(member, 1, member).protocolName("sticky").build(),
                    5,
                    SyncGroupResponse.class);
            to.ask("describe joining", say.describe(), 5, DescribeGroupsResponse.class);
            to.ask("sync", say.sync(member, 1, member).build(), 5, SyncGroupResponse.class);
            to.ask("sync again", say.sync(member, 1).build(), 3, SyncGroupResponse.class);
            to.ask("heartbeat", say.heartbeat(member, 1).build(), 4, HeartbeatResponse.class);
            to.ask("stale heartbeat", say.heartbeat(member, 0).build(), 4, HeartbeatResponse.class);
            to.ask("early heartbeat", say.heartbeat(member, 2).build(), 4, HeartbeatResponse.class);
            to.ask("unknown heartbeat", say.heartbeat("nobody", 1).build(), 4, HeartbeatResponse.class);
            commits(to, say, member);
            to.ask("describe", say.describe(), 5, DescribeGroupsResponse.class);
            to.ask(
                    "list",
                    ListGroupsRequest.builder().statesFilter(List.of("Stable")).build(),
                    5,
                    ListGroupsResponse.class);
            to.ask("delete full", say.delete(), 2, DeleteGroupsResponse.class);
            to.ask("leave", say.leave(leaving("nobody", null), leaving(member, null)), 5, LeaveGroupResponse.class);
            to.ask("leave again", say.leave(leaving(member, null)), 5, LeaveGroupResponse.class);
            to.ask("heartbeat of the past", say.heartbeat(member, 1).build(), 4, HeartbeatResponse.class);
            to.ask("describe empty", say.describe(), 5, DescribeGroupsResponse.class);
            to.ask("delete offsets", say.deleteOffsets("orders"), 0, OffsetDeleteResponse.class);
            to.ask("delete", say.delete(), 2, DeleteGroupsResponse.class);
            to.ask("describe deleted", say.describe(), 5, DescribeGroupsResponse.class);
            to.ask("fetch deleted", say.fetchAll(), 9, OffsetFetchResponse.class);
        }

        private void commits(Dialogue to, GroupSpeech say, String member) throws IOException {
            to.ask("commit", say.commit(member, 1).build(), 9, OffsetCommitResponse.class);
            to.ask("stale commit", say.commit(member, 0).build(), 9, OffsetCommitResponse.class);
            to.ask("unknown commit", say.commit("nobody", 1).build(), 9, OffsetCommitResponse.class);
            to.ask("commit of nobody", say.commit("", -1).build(), 9, OffsetCommitResponse.class);
            to.ask("fetch", say.fetchAll(), 9, OffsetFetchResponse.class);
            to.ask("delete offsets consumed", say.deleteOffsets("orders"), 0, OffsetDeleteResponse.class);
            to.ask("delete other offsets", say.deleteOffsets("gone"), 0, OffsetDeleteResponse.class);
        }
    },

    /** A second member comes, and the first one goes. */
    TWO_MEMBERS {
        @Override
        void tell(Dialogue to) throws IOException {
            var say = new GroupSpeech("two-members");
            var first = join(to, say.join("", "range"), 3).memberId();
            to.ask("sync", say.sync(first, 1, first).build(), 5, SyncGroupResponse.class);
            var second = join(to, say.join("", "range"), 9).memberId();
            var waits = to.begin(say.join(second, "range").build(), 9);
            awaitRebalance(to, say, first);
            to.ask("commit while preparing", say.commit(first, 1).build(), 9, OffsetCommitResponse.class);
            to.ask("sync while preparing", say.sync(first, 1).build(), 5, SyncGroupResponse.class);
            join(to, say.join(first, "range"), 9);
            waits.answer("join of the second", JoinGroupResponse.class);
            to.ask("commit between", say.commit(first, 2).build(), 9, OffsetCommitResponse.class);
            to.ask("heartbeat between", say.heartbeat(first, 2).build(), 4, HeartbeatResponse.class);
            to.ask("sync", say.sync(first, 2, first, second).build(), 5, SyncGroupResponse.class);
            to.ask("sync of the second", say.sync(second, 2).build(), 5, SyncGroupResponse.class);
            join(to, say.join(second, "range"), 9);
            to.ask("leave", say.leave(leaving(first, null)), 5, LeaveGroupResponse.class);
            to.ask("heartbeat", say.heartbeat(second, 2).build(), 4, HeartbeatResponse.class);
            join(to, say.join(second, "range"), 9);
            to.ask("sync alone", say.sync(second, 3, second).build(), 5, SyncGroupResponse.class);
        }

        /** The second member's join is on a connection of its own. */
        private void awaitRebalance(Dialogue to, GroupSpeech say, String member) throws IOException {
            to.askUntil(
                    "rebalance",
                    () -> to.answerOf(say.heartbeat(member, 1).build(), 4, HeartbeatResponse.class)
                                    .errorCode()
                            != 0);
            to.ask("heartbeat while preparing", say.heartbeat(member, 1).build(), 4, HeartbeatResponse.class);
        }
    },

    /** A member with an instance id is replaced by itself and fences its double. */
    STATIC_MEMBER {
        @Override
        void tell(Dialogue to) throws IOException {
            var say = new GroupSpeech("static-member");
            var former = join(to, say.join("", "range").groupInstanceId("instance"), 9)
                    .memberId();
            to.ask(
                    "sync",
                    say.sync(former, 1, former).groupInstanceId("instance").build(),
                    5,
                    SyncGroupResponse.class);
            var now = join(to, say.join("", "range").groupInstanceId("instance"), 9)
                    .memberId();
            for (var member : List.of(former, now)) {
                to.ask(
                        "heartbeat",
                        say.heartbeat(member, 1).groupInstanceId("instance").build(),
                        4,
                        HeartbeatResponse.class);
                to.ask(
                        "sync",
                        say.sync(member, 1, member).groupInstanceId("instance").build(),
                        5,
                        SyncGroupResponse.class);
                to.ask(
                        "commit",
                        say.commit(member, 1).groupInstanceId("instance").build(),
                        9,
                        OffsetCommitResponse.class);
            }
            to.ask("stranger", say.heartbeat(now, 1).groupInstanceId("other").build(), 4, HeartbeatResponse.class);
            join(to, say.join(former, "range").groupInstanceId("instance"), 9);
            to.ask("describe", say.describe(), 5, DescribeGroupsResponse.class);
            to.ask("leave fenced", say.leave(leaving(former, "instance")), 5, LeaveGroupResponse.class);
            to.ask("leave", say.leave(leaving("", "instance"), leaving("", "other")), 5, LeaveGroupResponse.class);
            to.ask("describe left", say.describe(), 5, DescribeGroupsResponse.class);
        }
    },

    /** Offsets without members. */
    OFFSETS {
        @Override
        void tell(Dialogue to) throws IOException {
            var say = new GroupSpeech("offsets");
            for (var version = 2; version <= 9; version++) {
                to.ask("commit", say.commit("", -1).build(), version, OffsetCommitResponse.class);
            }
            to.ask("commit of a stranger", say.commit("nobody", -1).build(), 9, OffsetCommitResponse.class);
            to.ask("commit of a generation", say.commit("", 1).build(), 9, OffsetCommitResponse.class);
            for (var topic : List.of(
                    commitTopic("orders", 8, "x".repeat(5_000)),
                    commitTopic("gone", 9, ""),
                    commitTopic("orders", -5, ""))) {
                to.ask(
                        "commit oddly",
                        say.commit("", -1).topics(List.of(topic)).build(),
                        9,
                        OffsetCommitResponse.class);
            }
            for (var version = 1; version <= 7; version++) {
                to.ask("fetch", say.fetch(), version, OffsetFetchResponse.class);
            }
            to.ask("fetch", say.fetchAll(), 8, OffsetFetchResponse.class);
            to.ask(
                    "list",
                    ListGroupsRequest.builder().statesFilter(List.of("Empty")).build(),
                    5,
                    ListGroupsResponse.class);
            to.ask("describe", say.describe(), 6, DescribeGroupsResponse.class);
            to.ask("delete offsets", say.deleteOffsets("orders"), 0, OffsetDeleteResponse.class);
            to.ask("fetch", say.fetchAll(), 8, OffsetFetchResponse.class);
        }
    };

    /** Says it all to a broker that has heard nothing before. */
    abstract void tell(Dialogue to) throws IOException;

    private static JoinGroupResponse join(Dialogue to, JoinGroupRequest.Builder request, int version)
            throws IOException {
        return to.ask("join", request.build(), version, JoinGroupResponse.class);
    }
}
