package io.thalweg.integration.compare;

import io.thalweg.protocol.message.ConsumerGroupDescribeResponse;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import io.thalweg.protocol.message.DeleteGroupsResponse;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupResponse;
import io.thalweg.protocol.message.ListGroupsResponse;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetDeleteResponse;
import io.thalweg.protocol.message.OffsetFetchResponse;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** What members of the consumer protocol say to the coordinator of a group, right and wrong. Nothing in it depends on time. */
enum ConsumerScripts {
    /** Heartbeats that cannot be, whatever the group is like. */
    MALFORMED {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("malformed", orders);
            beat(to, say.join(""), 1);
            beat(to, say.join("one").groupId(""), 1);
            beat(to, say.join("one").instanceId(""), 1);
            beat(to, say.join("one").rackId(""), 1);
            beat(to, say.join("one").rebalanceTimeoutMillis(-1), 1);
            beat(to, say.join("one").topicPartitions(null), 1);
            beat(to, say.join("one").subscribedTopicNames(null), 1);
            beat(to, say.join("one").serverAssignor("sticky"), 1);
            beat(to, say.join("one").subscribedTopicRegex("("), 1);
            beat(to, say.beat("one", -2), 1);
            beat(to, say.beat("one", -3), 1);
            beat(to, say.beat("", 1), 0);
            beat(to, say.beat("", -1), 0);
            describe(to, say);
        }
    },

    /** Nobody knows the group. */
    ABSENT {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("absent-consumers", orders);
            beat(to, say.beat("nobody", 1), 1);
            beat(to, say.beat("nobody", -1), 1);
            beat(to, say.beat("nobody", -2).instanceId("instance"), 1);
            describe(to, say);
            to.ask("commit", say.commit("nobody", 1, orders), 9, OffsetCommitResponse.class);
            to.ask("commit", say.commit("nobody", 1, orders), 10, OffsetCommitResponse.class);
            to.ask("fetch", say.fetch("nobody", 1, orders), 9, OffsetFetchResponse.class);
            to.ask("fetch", say.fetch("nobody", 1, orders), 10, OffsetFetchResponse.class);
        }
    },

    /** One member, as it should and otherwise. */
    ONE_MEMBER {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("one-consumer", orders);
            beat(to, say.join("one"), 1);
            beat(to, say.beat("one", 1), 1);
            beat(to, say.using("one", 1, 0, 1), 1);
            beat(to, say.beat("one", 2), 1);
            beat(to, say.beat("nobody", 1), 1);
            beat(to, say.beat("nobody", -1), 1);
            describe(to, say);
            to.ask("list", say.list("consumer"), 5, ListGroupsResponse.class);
            to.ask("describe as classic", new GroupSpeech("one-consumer").describe(), 5, DescribeGroupsResponse.class);
            to.ask("describe as classic", new GroupSpeech("one-consumer").describe(), 6, DescribeGroupsResponse.class);
            offsets(to, say, orders);
            to.ask("delete", new GroupSpeech("one-consumer").delete(), 2, DeleteGroupsResponse.class);
            var classic = new GroupSpeech("one-consumer");
            to.ask("delete offsets consumed", classic.deleteOffsets("orders"), 0, OffsetDeleteResponse.class);
            beat(to, say.join("one"), 1);
            beat(to, say.beat("one", -1), 1);
            describe(to, say);
            to.ask("delete offsets", classic.deleteOffsets("orders"), 0, OffsetDeleteResponse.class);
            to.ask("delete", classic.delete(), 2, DeleteGroupsResponse.class);
            describe(to, say);
        }

        private void offsets(Dialogue to, ConsumerSpeech say, UUID orders) throws IOException {
            var unknown = new UUID(4, 2);
            to.ask("commit", say.commit("one", 1, orders), 8, OffsetCommitResponse.class);
            to.ask("commit", say.commit("one", 1, orders), 9, OffsetCommitResponse.class);
            to.ask("commit", say.commit("one", 1, orders), 10, OffsetCommitResponse.class);
            to.ask("commit stale", say.commit("one", 0, orders), 10, OffsetCommitResponse.class);
            to.ask("commit early", say.commit("one", 2, orders), 10, OffsetCommitResponse.class);
            to.ask("commit of nobody", say.commit("nobody", 1, orders), 10, OffsetCommitResponse.class);
            to.ask("commit of a tool", say.commit("", -1, orders), 10, OffsetCommitResponse.class);
            to.ask("commit elsewhere", say.commit("one", 1, unknown), 10, OffsetCommitResponse.class);
            to.ask("fetch", say.fetch("one", 1, orders), 9, OffsetFetchResponse.class);
            to.ask("fetch", say.fetch("one", 1, orders), 10, OffsetFetchResponse.class);
            to.ask("fetch all", say.fetchAll("one", 1), 10, OffsetFetchResponse.class);
            to.ask("fetch of a tool", say.fetchAll(null, -1), 10, OffsetFetchResponse.class);
            to.ask("fetch stale", say.fetch("one", 0, orders), 10, OffsetFetchResponse.class);
            to.ask("fetch of nobody", say.fetch("nobody", 1, orders), 10, OffsetFetchResponse.class);
            to.ask("fetch elsewhere", say.fetch("one", 1, unknown), 10, OffsetFetchResponse.class);
        }
    },

    /** A second member gets its share once the first one has given it up. */
    TWO_MEMBERS {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("two-consumers", orders);
            beat(to, say.join("one"), 1);
            beat(to, say.join("two"), 1);
            describe(to, say);
            beat(to, say.beat("two", 2), 1);
            beat(to, say.beat("one", 1), 1);
            describe(to, say);
            beat(to, say.using("one", 1, 0, 1), 1);
            to.ask("commit while revoking", say.commit("one", 1, orders), 10, OffsetCommitResponse.class);
            beat(to, say.using("one", 1, 0), 1);
            to.ask("commit of the epoch before", say.commit("one", 1, orders), 10, OffsetCommitResponse.class);
            describe(to, say);
            beat(to, say.beat("two", 2), 1);
            beat(to, say.using("one", 1, 0), 1);
            beat(to, say.using("one", 1, 0, 1), 1);
            beat(to, say.using("two", 2, 1), 1);
            describe(to, say);
            beat(to, say.beat("one", -1), 1);
            describe(to, say);
            beat(to, say.beat("two", 2), 1);
            describe(to, say);
            beat(to, say.beat("two", -1), 1);
        }
    },

    /** Static members leave for a while, come back, and are fenced. */
    STATIC {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("static-consumers", orders);
            beat(to, say.join("one").instanceId("first"), 1);
            beat(to, say.join("two").instanceId("first"), 1);
            beat(to, say.beat("one", 1).instanceId("other"), 1);
            beat(to, say.beat("two", -2).instanceId("first"), 1);
            beat(to, say.beat("one", -2).instanceId("first"), 1);
            describe(to, say);
            beat(to, say.beat("one", 1).instanceId("first"), 1);
            beat(to, say.join("two").instanceId("first"), 1);
            beat(to, say.beat("one", 1).instanceId("first"), 1);
            beat(to, say.beat("one", 1), 1);
            describe(to, say);
            beat(to, say.beat("two", -1).instanceId("first"), 1);
            describe(to, say);
        }
    },

    /** Members name topics by a pattern; Kafka looks them up a little later, in another epoch. */
    PATTERNS {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("pattern-consumers", orders);
            join(to, say, "one", "ord.*");
            awaitTarget(to, say, "one", 2);
            beat(to, say.beat("one", 0).subscribedTopicRegex("ord["), 1);
            join(to, say, "two", "or+ders|x");
            awaitTarget(to, say, "two", 1);
            awaitTarget(to, say, "one", 1);
            to.answerOf(say.beat("two", -1).build(), 1, ConsumerGroupHeartbeatResponse.class);
            awaitTarget(to, say, "one", 2);
            to.answerOf(say.beat("one", -1).build(), 1, ConsumerGroupHeartbeatResponse.class);
            to.ask("delete", new GroupSpeech(say.group()).delete(), 2, DeleteGroupsResponse.class);
        }

        private void join(Dialogue to, ConsumerSpeech say, String member, String pattern) throws IOException {
            var request = say.join(member).subscribedTopicNames(List.of()).subscribedTopicRegex(pattern);
            to.answerOf(request.build(), 1, ConsumerGroupHeartbeatResponse.class);
        }

        /** Beats until the member is meant to have so many partitions, and writes down how it is described then. */
        private void awaitTarget(Dialogue to, ConsumerSpeech say, String id, int count) throws IOException {
            var member = described(to, say, id);
            while (partitionCount(member) != count) {
                to.answerOf(
                        say.beat(id, 0).memberEpoch(member.memberEpoch()).build(),
                        1,
                        ConsumerGroupHeartbeatResponse.class);
                member = described(to, say, id);
            }
            var nothing = new ConsumerGroupDescribeResponse.Assignment(List.of());
            to.note(id, member.toBuilder().memberEpoch(0).assignment(nothing).build());
        }

        private int partitionCount(ConsumerGroupDescribeResponse.Member member) {
            return member.targetAssignment().topicPartitions().stream()
                    .mapToInt(topic -> topic.partitions().size())
                    .sum();
        }

        private ConsumerGroupDescribeResponse.Member described(Dialogue to, ConsumerSpeech say, String id)
                throws IOException {
            return to
                    .answerOf(say.describe(), 1, ConsumerGroupDescribeResponse.class)
                    .groups()
                    .get(0)
                    .members()
                    .stream()
                    .filter(member -> member.memberId().equals(id))
                    .findFirst()
                    .orElseThrow();
        }
    },

    /** A member changes its mind about topics. */
    SUBSCRIPTIONS {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("changing-consumers", orders);
            beat(to, say.join("one").subscribedTopicNames(List.of("gone")), 1);
            describe(to, say);
            beat(to, say.beat("one", 1).subscribedTopicNames(List.of("gone", "orders")), 1);
            beat(to, say.using("one", 2, 0, 1).subscribedTopicNames(List.of("gone")), 1);
            describe(to, say);
            beat(to, say.using("one", 2), 1);
            describe(to, say);
            beat(to, say.using("one", 3).subscribedTopicNames(List.of()), 1);
            beat(to, say.using("one", 4).serverAssignor("range"), 1);
            describe(to, say);
            beat(to, say.beat("one", -1), 1);
        }
    },

    /** Requests of the other protocol, once the group has no members and while it has. */
    OTHER_PROTOCOL {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("changing-protocol", orders);
            var classic = new GroupSpeech("changing-protocol");
            beat(to, say.join("one"), 1);
            to.ask("heartbeat", classic.heartbeat("one", 1).build(), 4, HeartbeatResponse.class);
            to.ask("sync", classic.sync("one", 1).build(), 5, SyncGroupResponse.class);
            to.ask("leave", classic.leave(GroupSpeech.leaving("nobody", null)), 5, LeaveGroupResponse.class);
            beat(to, say.beat("one", -1), 1);
            var member = to.ask("join", classic.join("", "range").build(), 3, JoinGroupResponse.class)
                    .memberId();
            to.ask("sync", classic.sync(member, 1, member).build(), 5, SyncGroupResponse.class);
            describe(to, say);
            beat(to, say.beat("one", 1), 1);
            beat(to, say.beat("one", -1), 1);
            to.ask("leave", classic.leave(GroupSpeech.leaving(member, null)), 5, LeaveGroupResponse.class);
            beat(to, say.join("one"), 1);
            describe(to, say);
            beat(to, say.beat("one", -1), 1);
        }
    },

    /** A group goes over to the consumer protocol with its member, and back. */
    MIGRATION {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("migrating", orders);
            var classic = new GroupSpeech("migrating");
            var member = to.ask("join", classic.join("", "range").build(), 3, JoinGroupResponse.class)
                    .memberId();
            to.ask("sync", classic.syncPartitions(member, 1, 0, 1).build(), 5, SyncGroupResponse.class);
            beat(to, say.join("one"), 1);
            describe(to, say);
            to.ask("list", say.list("consumer"), 5, ListGroupsResponse.class);
            to.ask("heartbeat", classic.heartbeat(member, 1).build(), 4, HeartbeatResponse.class);
            to.ask("commit", say.commit(member, 0, orders), 9, OffsetCommitResponse.class);
            to.ask("rejoin", classic.join(member, "range").build(), 9, JoinGroupResponse.class);
            describe(to, say);
            to.ask("sync", classic.sync(member, 2).build(), 5, SyncGroupResponse.class);
            to.ask("heartbeat", classic.heartbeat(member, 2).build(), 4, HeartbeatResponse.class);
            to.ask("heartbeat", classic.heartbeat(member, 1).build(), 4, HeartbeatResponse.class);
            beat(to, say.beat("one", 1), 1);
            describe(to, say);
            to.ask("join of another kind", classic.join("", "sticky").build(), 9, JoinGroupResponse.class);
            to.ask("join of a third", classic.join("", "range").build(), 9, JoinGroupResponse.class);
            beat(to, say.beat("one", -1), 1);
            to.ask("describe as classic", classic.describe(), 5, DescribeGroupsResponse.class);
            to.ask("heartbeat", classic.heartbeat(member, 2).build(), 4, HeartbeatResponse.class);
            to.ask("rejoin", classic.join(member, "range").build(), 9, JoinGroupResponse.class);
            to.ask("leave", classic.leave(GroupSpeech.leaving(member, null)), 5, LeaveGroupResponse.class);
        }
    };

    abstract void tell(Dialogue to, UUID orders) throws IOException;

    private static void beat(Dialogue to, ConsumerGroupHeartbeatRequest.Builder request, int version)
            throws IOException {
        var built = request.build();
        to.ask(
                "heartbeat of " + built.memberId() + " at " + built.memberEpoch(),
                built,
                version,
                ConsumerGroupHeartbeatResponse.class);
    }

    private static void describe(Dialogue to, ConsumerSpeech say) throws IOException {
        to.ask("describe", say.describe(), 1, ConsumerGroupDescribeResponse.class);
    }
}
