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

    private static final String SLOW = "did not give its partitions up in time";

    private final Parts parts;
    private final Rebalances rebalances;
    private final Migrations migrations;
    private final ConsumerSessions sessions;

    ConsumerLife(Parts parts, Rebalances rebalances) {
        this.parts = parts;
        this.rebalances = rebalances;
        this.migrations = new Migrations(parts);
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
            return migrations.upgrade(classic);
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
            group.notes().forget(former.id());
        }
        return newcomer;
    }

    /** A draft was written: if it was of a classic group so far, its members hear that they have to join again. */
    void written(Draft draft) {
        var classic = draft.replaced();
        var group = parts.groups().consumer(draft.group().id());
        if (classic == null || group == null) {
            return;
        }
        log.info("group {} goes over to the consumer protocol", group.id());
        classic.pendingJoins().values().forEach(rebalances.sessions()::end);
        List.copyOf(classic.members()).forEach(member -> rebalances.dismiss(member, ErrorCode.REBALANCE_IN_PROGRESS));
        group.members().forEach(member -> extend(group.id(), member));
    }

    /** A member has spoken and taken a step. */
    void heardOf(String groupId, ConsumerMember former, ConsumerMember member) {
        extend(groupId, member);
        if (member.progress().equals(former.progress()) && !former.isClassic()) {
            return;
        }
        if (member.progress().state() == MemberState.UNREVOKED_PARTITIONS) {
            limit(groupId, member, false, SLOW);
        } else {
            sessions.endStep(groupId, member.id());
        }
    }

    /** A member of the classic protocol has taken a step, and will ask what it has. */
    void joinedClassic(String groupId, ConsumerMember member) {
        extend(groupId, member);
        limit(groupId, member, false, "did not ask for its assignment in time");
    }

    /** A member of the classic protocol was told what it has. */
    void syncedClassic(String groupId, ConsumerMember member) {
        extend(groupId, member);
        sessions.endStep(groupId, member.id());
    }

    /** A member of the classic protocol was told to join again. */
    void expectJoin(String groupId, ConsumerMember member) {
        limit(groupId, member, true, "did not join again in time");
    }

    private void limit(String groupId, ConsumerMember member, boolean isKept, String reason) {
        sessions.limitStep(groupId, member.id(), member.subscription().rebalanceTimeoutMillis(), isKept, reason);
    }

    /** The member was heard of. */
    void extend(String groupId, ConsumerMember member) {
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
                    limit(group.id(), member, false, SLOW);
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
        if (migrations.isToBeClassic(draft.group())) {
            return downgrade(group, members, draft.group());
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
        members.forEach(member -> {
            sessions.end(group.id(), member.id());
            group.notes().forget(member.id());
        });
        return written;
    }

    /** The last member of the consumer protocol has gone; the others assign by themselves again. */
    private CompletionStage<Void> downgrade(ConsumerGroup group, List<ConsumerMember> gone, ConsumerGroup left) {
        var classic = migrations.downgrade(left);
        var members = List.copyOf(group.members());
        var records = new ArrayList<>(ConsumerGroupRecords.tombstones(group));
        records.add(GroupMetadata.of(classic));
        var written = parts.writes().append(records);
        if (parts.groups().find(group.id()) != null) {
            return written;
        }
        log.info(
                "group {} goes back to the classic protocol as {} left",
                group.id(),
                gone.get(0).id());
        members.forEach(member -> sessions.end(group.id(), member.id()));
        parts.groups().put(classic);
        classic.members().forEach(member -> rebalances.sessions().extend(classic, member));
        rebalances.beginOrComplete(classic);
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
