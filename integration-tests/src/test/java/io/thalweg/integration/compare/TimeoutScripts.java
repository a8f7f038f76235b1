package io.thalweg.integration.compare;

import static io.thalweg.integration.compare.GroupSpeech.leaving;

import io.thalweg.protocol.message.ConsumerGroupDescribeResponse;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import io.thalweg.protocol.message.DeleteGroupsResponse;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest;
import io.thalweg.protocol.message.IncrementalAlterConfigsResponse;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What members hear whose time is up: some seconds, after which others ask until it is seen. */
enum TimeoutScripts {
    /** A member of the classic protocol is silent for longer than its session. */
    SILENT_MEMBER {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new GroupSpeech("silent-member");
            var member = join(to, say, "", SESSION, MINUTE);
            to.ask("sync", say.sync(member, 1, member).build(), 5, SyncGroupResponse.class);
            awaitState(to, say, "Empty");
            goneMember(to, say, member);
            forget(to, say, null);
        }
    },

    /** A static member is silent for longer than its session, and comes back. */
    SILENT_STATIC_MEMBER {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new GroupSpeech("silent-static-member");
            var request = say.join("", "range").groupInstanceId("instance").sessionTimeoutMillis(SESSION);
            var member =
                    to.ask("join", request.build(), 9, JoinGroupResponse.class).memberId();
            to.ask(
                    "sync",
                    say.sync(member, 1, member).groupInstanceId("instance").build(),
                    5,
                    SyncGroupResponse.class);
            awaitState(to, say, "Empty");
            to.ask(
                    "heartbeat",
                    say.heartbeat(member, 1).groupInstanceId("instance").build(),
                    4,
                    HeartbeatResponse.class);
            to.ask("leave", say.leave(leaving("", "instance")), 5, LeaveGroupResponse.class);
            to.ask("join", request.build(), 9, JoinGroupResponse.class);
            forget(to, say, leaving("", "instance"));
        }
    },

    /** A member does not join again in time when another one comes. */
    LATE_MEMBER {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new GroupSpeech("late-member");
            var late = join(to, say, "", MINUTE, SECOND);
            to.ask("sync", say.sync(late, 1, late).build(), 5, SyncGroupResponse.class);
            var prompt = join(to, say, "", MINUTE, SECOND);
            to.ask("sync of the second", say.sync(prompt, 2, prompt).build(), 5, SyncGroupResponse.class);
            to.ask("describe", say.describe(), 5, DescribeGroupsResponse.class);
            goneMember(to, say, late);
            forget(to, say, leaving(prompt, null));
        }
    },

    /** A leader does not say in time who gets what. */
    SILENT_LEADER {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new GroupSpeech("silent-leader");
            var member = join(to, say, "", MINUTE, SECOND);
            awaitState(to, say, "Empty");
            goneMember(to, say, member);
            forget(to, say, null);
        }
    },

    /** A member of the consumer protocol is silent for longer than the session of its group. */
    SILENT_CONSUMER {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("silent-consumer", orders);
            shorten(to, say);
            beat(to, say.join("one"));
            awaitMembers(to, say, 0);
            goneConsumer(to, say);
            forget(to, new GroupSpeech(say.group()), null);
        }
    },

    /** One that has left for a while only does not come back. */
    ABSENT_STATIC_CONSUMER {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("absent-static-consumer", orders);
            shorten(to, say);
            beat(to, say.join("one").instanceId("first"));
            beat(to, say.beat("one", -2).instanceId("first"));
            awaitMembers(to, say, 0);
            beat(to, say.beat("one", 1).instanceId("first"));
            beat(to, say.join("two").instanceId("first"));
            beat(to, say.beat("two", -1).instanceId("first"));
            forget(to, new GroupSpeech(say.group()), null);
        }
    },

    /** A member does not give up in time what another one is to have. */
    LATE_CONSUMER {
        @Override
        void tell(Dialogue to, UUID orders) throws IOException {
            var say = new ConsumerSpeech("late-consumer", orders);
            beat(to, say.join("one").rebalanceTimeoutMillis(SECOND));
            beat(to, say.using("one", 1, 0, 1));
            beat(to, say.join("two"));
            beat(to, say.beat("one", 1));
            awaitMembers(to, say, 1);
            goneConsumer(to, say);
            beat(to, say.beat("two", 2));
            beat(to, say.beat("two", 3));
            to.ask("describe", say.describe(), 1, ConsumerGroupDescribeResponse.class);
            beat(to, say.beat("two", -1));
            forget(to, new GroupSpeech(say.group()), null);
        }
    };

    private static final int SECOND = 1_000;

    /** Long enough that what a member says at once is not late, even if the machine stands still for a while. */
    private static final int SESSION = 3_000;

    private static final int MINUTE = 60_000;
    private static final byte GROUP = 32;

    abstract void tell(Dialogue to, UUID orders) throws IOException;

    /** Joins in a version that admits at once; gives the id. */
    private static String join(Dialogue to, GroupSpeech say, String member, int sessionMillis, int rebalanceMillis)
            throws IOException {
        var request =
                say.join(member, "range").sessionTimeoutMillis(sessionMillis).rebalanceTimeoutMillis(rebalanceMillis);
        return to.ask("join", request.build(), 3, JoinGroupResponse.class).memberId();
    }

    private static void awaitState(Dialogue to, GroupSpeech say, String state) throws IOException {
        to.askUntil(
                "group in state " + state,
                () -> to.answerOf(say.describe(), 5, DescribeGroupsResponse.class)
                        .groups()
                        .get(0)
                        .groupState()
                        .equals(state));
    }

    private static void awaitMembers(Dialogue to, ConsumerSpeech say, int count) throws IOException {
        to.askUntil(
                "group with " + count + " members",
                () -> to.answerOf(say.describe(), 1, ConsumerGroupDescribeResponse.class)
                                .groups()
                                .get(0)
                                .members()
                                .size()
                        == count);
    }

    /** What one hears that is no member any more. */
    private static void goneMember(Dialogue to, GroupSpeech say, String member) throws IOException {
        to.ask("heartbeat", say.heartbeat(member, 1).build(), 4, HeartbeatResponse.class);
        to.ask("sync", say.sync(member, 1, member).build(), 5, SyncGroupResponse.class);
        to.ask("commit", say.commit(member, 1).build(), 9, OffsetCommitResponse.class);
        to.ask("leave", say.leave(leaving(member, null)), 5, LeaveGroupResponse.class);
        to.ask("join", say.join(member, "range").build(), 9, JoinGroupResponse.class);
        to.ask("describe", say.describe(), 5, DescribeGroupsResponse.class);
    }

    private static void goneConsumer(Dialogue to, ConsumerSpeech say) throws IOException {
        beat(to, say.beat("one", 1));
        beat(to, say.beat("one", -1));
        to.ask("commit", say.commit("one", 1, say.orders()), 10, OffsetCommitResponse.class);
        to.ask("describe", say.describe(), 1, ConsumerGroupDescribeResponse.class);
    }

    private static void beat(Dialogue to, ConsumerGroupHeartbeatRequest.Builder request) throws IOException {
        to.ask("heartbeat", request.build(), 1, ConsumerGroupHeartbeatResponse.class);
    }

    /** Lets members of the group be silent for a short session only; it has to be longer than what is between heartbeats. */
    private static void shorten(Dialogue to, ConsumerSpeech say) throws IOException {
        var resource = IncrementalAlterConfigsRequest.Resource.builder()
                .resourceType(GROUP)
                .resourceName(say.group())
                .configs(List.of(set("consumer.session.timeout.ms", SESSION)))
                .build();
        alter(to, resource);
        alter(
                to,
                resource.toBuilder()
                        .configs(List.of(
                                set("consumer.session.timeout.ms", SESSION),
                                set("consumer.heartbeat.interval.ms", SECOND / 2)))
                        .build());
    }

    private static void alter(Dialogue to, IncrementalAlterConfigsRequest.Resource resource) throws IOException {
        var request = IncrementalAlterConfigsRequest.builder()
                .resources(List.of(resource))
                .build();
        var altered = to.answerOf(request, 1, IncrementalAlterConfigsResponse.class);
        to.note("alter", altered.responses().get(0).errorCode());
    }

    private static IncrementalAlterConfigsRequest.Config set(String name, int value) {
        return IncrementalAlterConfigsRequest.Config.builder()
                .name(name)
                .value(Integer.toString(value))
                .build();
    }

    /** Other scripts list the groups there are. */
    private static void forget(Dialogue to, GroupSpeech say, LeaveGroupRequest.@Nullable Member last)
            throws IOException {
        if (last != null) {
            to.ask("leave", say.leave(last), 5, LeaveGroupResponse.class);
        }
        to.ask("delete", say.delete(), 2, DeleteGroupsResponse.class);
    }
}
