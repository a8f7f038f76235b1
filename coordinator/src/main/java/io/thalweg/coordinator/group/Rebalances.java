package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads groups from one generation to the next: waits for members to join, at most as long as the slowest may take, and drops those
 * that did not. Owned by the coordinator's event loop.
 */
final class Rebalances {

    private static final Logger log = LoggerFactory.getLogger(Rebalances.class);

    /** A member that joins for the first time may not be there any more when the group is complete. */
    private static final int NEW_MEMBER_TIMEOUT_MILLIS = 300_000;

    private final Parts parts;
    private final Sessions sessions;

    Rebalances(Parts parts) {
        this.parts = parts;
        this.sessions = new Sessions(parts.alarms(), parts.clock(), this::sessionEnded);
    }

    Sessions sessions() {
        return sessions;
    }

    /** A new member waits to be let in. */
    void joined(ClassicGroup group, Member member) {
        if (group.isInitialJoin()) {
            group.newMemberAdded = true;
        }
        member.isNew(true);
        sessions.extend(group, member, NEW_MEMBER_TIMEOUT_MILLIS);
        beginOrComplete(group);
    }

    /** Begins a rebalance, or completes the one there is if all have joined. */
    void beginOrComplete(ClassicGroup group) {
        switch (group.state()) {
            case EMPTY, STABLE, COMPLETING_REBALANCE -> begin(group);
            case PREPARING_REBALANCE -> completeIfAllJoined(group);
            case DEAD -> {}
        }
    }

    private void begin(ClassicGroup group) {
        if (group.is(GroupState.COMPLETING_REBALANCE)) {
            refuseSyncs(group, ErrorCode.REBALANCE_IN_PROGRESS);
        }
        cancelSyncTimer(group);
        group.pendingSyncs().clear();
        var isInitial = group.is(GroupState.EMPTY);
        group.moveTo(GroupState.PREPARING_REBALANCE, parts.clock().millis());
        if (isInitial) {
            var delayMillis = parts.config().initialRebalanceDelay().toMillis();
            group.newMemberAdded = false;
            waitForMore(group, delayMillis, Math.max(group.rebalanceTimeoutMillis() - delayMillis, 0));
        } else {
            completeIfAllJoined(group);
            if (group.is(GroupState.PREPARING_REBALANCE)) {
                completeLater(group);
            }
        }
    }

    /** Forgets an assignment that was not handed out, and says why to those who wait for it. */
    void refuseSyncs(ClassicGroup group, ErrorCode error) {
        for (var member : group.members()) {
            member.assign(Message.NO_BYTES);
            if (member.answerSync(JoinAnswers.refused(error))) {
                sessions.extend(group, member);
            }
        }
    }

    private void waitForMore(ClassicGroup group, long delayMillis, long leftMillis) {
        setJoinTimer(group, delayMillis, () -> {
            if (!group.newMemberAdded || leftMillis == 0) {
                complete(group);
                return;
            }
            group.newMemberAdded = false;
            var nextMillis = Math.min(parts.config().initialRebalanceDelay().toMillis(), leftMillis);
            waitForMore(group, nextMillis, Math.max(leftMillis - delayMillis, 0));
        });
    }

    private void completeLater(ClassicGroup group) {
        setJoinTimer(group, group.rebalanceTimeoutMillis(), () -> complete(group));
    }

    private void setJoinTimer(ClassicGroup group, long millis, Runnable task) {
        cancelJoinTimer(group);
        group.joinTimer = parts.alarms().afterMillis(millis, () -> {
            if (group.is(GroupState.PREPARING_REBALANCE)) {
                task.run();
            }
        });
    }

    void completeIfAllJoined(ClassicGroup group) {
        if (group.is(GroupState.PREPARING_REBALANCE) && !group.isInitialJoin() && group.hasAllMembersJoined()) {
            complete(group);
        }
    }

    private void complete(ClassicGroup group) {
        cancelJoinTimer(group);
        dropAbsent(group);
        if (!group.electJoinedLeader() && !group.members().isEmpty()) {
            // Only static members, none of which has come back yet: their sessions decide.
            completeLater(group);
            return;
        }
        group.beginGeneration(parts.clock().millis());
        if (group.is(GroupState.EMPTY)) {
            parts.writes().append(List.of(GroupMetadata.of(group)));
            return;
        }
        log.debug(
                "group {} begins generation {} with {} members",
                group.id(),
                group.generation(),
                group.members().size());
        for (var member : List.copyOf(group.members())) {
            group.pendingSyncs().add(member.id());
            admit(group, member);
        }
        expectSyncs(group);
    }

    private void dropAbsent(ClassicGroup group) {
        for (var member : List.copyOf(group.members())) {
            if (!member.awaitsJoin() && member.instanceId() == null) {
                log.info("member {} did not rejoin group {} in time", member.id(), group.id());
                drop(group, member, ErrorCode.UNKNOWN_MEMBER_ID);
            }
        }
    }

    private void admit(ClassicGroup group, Member member) {
        var isAnswered = member.answerJoin(JoinAnswers.generation(group, member));
        member.isNew(false);
        if (isAnswered) {
            sessions.extend(group, member);
        }
    }

    private void expectSyncs(ClassicGroup group) {
        var generation = group.generation();
        cancelSyncTimer(group);
        group.syncTimer = parts.alarms().afterMillis(group.rebalanceTimeoutMillis(), () -> {
            var isSyncing = group.is(GroupState.COMPLETING_REBALANCE) || group.is(GroupState.STABLE);
            if (generation == group.generation()
                    && isSyncing
                    && !group.pendingSyncs().isEmpty()) {
                dropUnsynced(group);
            }
        });
    }

    private void dropUnsynced(ClassicGroup group) {
        for (var memberId : List.copyOf(group.pendingSyncs())) {
            var member = group.member(memberId);
            if (member != null) {
                log.info("member {} of group {} did not ask for its assignment in time", memberId, group.id());
                drop(group, member, ErrorCode.UNKNOWN_MEMBER_ID);
            }
        }
        beginOrComplete(group);
    }

    /** The member has asked for its assignment. */
    void synced(ClassicGroup group, Member member) {
        group.pendingSyncs().remove(member.id());
        if (group.pendingSyncs().isEmpty()) {
            cancelSyncTimer(group);
        }
    }

    /** Takes a member out; the caller goes on with {@link #beginOrComplete}. */
    void drop(ClassicGroup group, Member member, ErrorCode told) {
        group.remove(member);
        dismiss(member, told);
    }

    /** Ends the session of someone who is no member any more. */
    void dismiss(Member member, ErrorCode told) {
        sessions.end(member);
        member.answerJoin(JoinAnswers.refused(member.id(), told));
        member.answerSync(JoinAnswers.refused(told));
    }

    private void sessionEnded(ClassicGroup group, Member member) {
        if (group.is(GroupState.DEAD)) {
            return;
        }
        log.info("member {} of group {} was silent for its session timeout", member.id(), group.id());
        if (group.pendingJoins().remove(member.id(), member)) {
            sessions.end(member);
            completeIfAllJoined(group);
        } else if (group.member(member.id()) == member) {
            drop(group, member, ErrorCode.UNKNOWN_MEMBER_ID);
            beginOrComplete(group);
        }
    }

    private static void cancelJoinTimer(ClassicGroup group) {
        var timer = group.joinTimer;
        if (timer != null) {
            timer.cancel();
            group.joinTimer = null;
        }
    }

    private static void cancelSyncTimer(ClassicGroup group) {
        var timer = group.syncTimer;
        if (timer != null) {
            timer.cancel();
            group.syncTimer = null;
        }
    }
}
