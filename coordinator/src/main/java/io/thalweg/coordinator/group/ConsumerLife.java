package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How consumer groups begin, and how members leave them, willingly or not. Owned by the coordinator's event loop. */
final class ConsumerLife {

    private static final Logger log = LoggerFactory.getLogger(ConsumerLife.class);

    private final Parts parts;
    private final ConsumerSessions sessions;

    ConsumerLife(Parts parts) {
        this.parts = parts;
        this.sessions = new ConsumerSessions(parts.alarms(), parts.clock(), this::fence);
    }

    /** A group that is there. */
    ConsumerGroup find(String groupId) {
        var group = parts.groups().find(groupId);
        if (group instanceof ConsumerGroup consumers) {
            return consumers;
        }
        throw new GroupRefusedException(
                ErrorCode.GROUP_ID_NOT_FOUND,
                group == null ? "Group " + groupId + " not found." : "Group " + groupId + " is not a consumer group.");
    }

    /** A group to which something is going to happen; a new one if a member joins and there is none, or an empty classic one. */
    Draft open(String groupId, boolean isJoining) {
        var group = parts.groups().find(groupId);
        if (group instanceof ConsumerGroup consumers) {
            return new Draft(consumers);
        }
        if (!isJoining) {
            throw new GroupRefusedException(
                    ErrorCode.GROUP_ID_NOT_FOUND,
                    group == null
                            ? "Consumer group " + groupId + " not found."
                            : "Group " + groupId + " is not a consumer group.");
        }
        var draft = new Draft(new ConsumerGroup(groupId));
        if (group != null && group.isWithoutAnyone()) {
            draft.addForeign(GroupMetadata.tombstone(groupId));
        } else if (group instanceof ClassicGroup classic) {
            throw new GroupRefusedException(
                    ErrorCode.GROUP_ID_NOT_FOUND,
                    "Cannot upgrade classic group " + classic.id()
                            + " to consumer group because online upgrade is disabled.");
        }
        return draft;
    }

    /** Puts a static member that came back in the place of its former self. */
    ConsumerMember replace(Draft draft, ConsumerMember former, String memberId) {
        var group = draft.group();
        var target = group.target(former.id());
        var newcomer = new ConsumerMember(
                memberId, former.subscription(), former.progress().rejoined());
        ConsumerGroupRecords.withoutMember(group.id(), former.id()).forEach(draft::add);
        draft.add(ConsumerGroupRecords.subscription(group.id(), memberId, newcomer.subscription()));
        draft.add(ConsumerGroupRecords.target(group.id(), memberId, target));
        draft.add(ConsumerGroupRecords.progress(group.id(), memberId, newcomer.progress()));
        if (!memberId.equals(former.id())) {
            sessions.end(group.id(), former.id());
        }
        return newcomer;
    }

    /** A member has spoken and taken a step. */
    void heardOf(String groupId, ConsumerMember former, ConsumerMember member) {
        extend(groupId, member);
        if (member.isClassic() || member.progress().equals(former.progress())) {
            return;
        }
        if (member.progress().state() == MemberState.UNREVOKED_PARTITIONS) {
            limitRevocation(groupId, member, false);
        } else {
            sessions.endStep(groupId, member.id());
        }
    }

    private void limitRevocation(String groupId, ConsumerMember member, boolean isKept) {
        sessions.limitStep(
                groupId,
                member.id(),
                member.subscription().rebalanceTimeoutMillis(),
                isKept,
                "did not give its partitions up in time");
    }

    private void extend(String groupId, ConsumerMember member) {
        var terms = member.subscription().classic();
        sessions.extend(
                groupId,
                member.id(),
                terms == null
                        ? parts.config().consumers().sessionMillis(groupId, parts.image())
                        : terms.sessionTimeoutMillis());
    }

    /** The coordinator was loaded: everybody has the time there is to be heard of. */
    void recovered() {
        for (var group : parts.groups().allConsumer()) {
            for (var member : group.members()) {
                extend(group.id(), member);
                if (!member.isClassic() && member.progress().state() == MemberState.UNREVOKED_PARTITIONS) {
                    limitRevocation(group.id(), member, false);
                }
            }
        }
    }

    /** A static member goes and means to come back; nobody gets its partitions until its session ends. */
    CompletionStage<Void> leaveForAWhile(ConsumerGroup group, ConsumerMember member) {
        sessions.endStep(group.id(), member.id());
        return parts.writes()
                .append(List.of(ConsumerGroupRecords.progress(
                        group.id(), member.id(), member.progress().leftForAWhile())));
    }

    /** Takes members out; the others are assigned anew when one of them is next heard of. */
    CompletionStage<Void> remove(ConsumerGroup group, List<ConsumerMember> members) {
        var draft = new Draft(group);
        for (var member : members) {
            ConsumerGroupRecords.withoutMember(group.id(), member.id()).forEach(draft::add);
        }
        var left = draft.group();
        for (var regex : new ArrayList<>(left.regexes().keySet())) {
            if (!left.subscribedRegexes().contains(regex)) {
                draft.add(ConsumerGroupRecords.withoutRegex(group.id(), regex));
            }
        }
        var hash = TopicLookup.hash(draft.group().topics(), parts.image());
        draft.add(ConsumerGroupRecords.epoch(group.id(), group.epoch() + 1, hash));
        var written = parts.writes().append(draft.records());
        members.forEach(member -> sessions.end(group.id(), member.id()));
        return written;
    }

    private void fence(String groupId, String memberId, String reason) {
        var group = parts.groups().consumer(groupId);
        var member = group == null ? null : group.member(memberId);
        if (group == null || member == null) {
            sessions.end(groupId, memberId);
            return;
        }
        log.info("member {} of group {} {}", memberId, groupId, reason);
        remove(group, List.of(member));
    }
}
