package io.thalweg.simulation.load;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import io.thalweg.simulation.check.GroupLedger;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntToLongFunction;

/** A member that speaks the protocol of KIP-848. It gives a partition up as soon as it is told to. Owned by the scheduler. */
public final class ConsumerGroupMember implements GroupMember {

    /** In place of an epoch. */
    private static final int LEAVING = -1;

    private final ClusterClient client;
    private final GroupLedger ledger;
    private final MemberWork work;
    private UUID topicId = new UUID(0, 0);

    /**
     * One that does nothing until begun.
     *
     * @param ends how far each partition can be read
     */
    public ConsumerGroupMember(ClusterClient client, GroupLedger ledger, String topic, IntToLongFunction ends) {
        this.client = client;
        this.ledger = ledger;
        this.work = new MemberWork(client, ledger, topic, ends);
    }

    @Override
    public void begin() {
        anew();
        beat();
        work.begin();
    }

    @Override
    public void pause(long nanos) {
        work.pause(nanos);
    }

    @Override
    public void end(boolean isOrderly) {
        if (isOrderly && work.coordinator() >= 0) {
            client.send(work.coordinator(), heartbeat(LEAVING, List.of()), 1, ConsumerGroupHeartbeatResponse.class)
                    .whenComplete((answer, failure) -> ledger.journal().detail("group: leaving was answered"));
        }
        work.end();
    }

    private void anew() {
        work.drop();
        work.is(new UUID(client.random().nextLong(), client.random().nextLong()).toString(), 0);
    }

    private void beat() {
        if (work.isOver()) {
            return;
        }
        if (work.isPaused()) {
            client.later(MemberWork.BEAT_NANOS, this::beat);
        } else if (work.coordinator() < 0) {
            work.findCoordinator(this::beat);
        } else {
            sendBeat();
        }
    }

    private void sendBeat() {
        var life = work.memberId();
        var asked = work.coordinator();
        var sentNanos = client.process().scheduler().nowNanos();
        var owned = work.owned();
        List<ConsumerGroupHeartbeatRequest.TopicPartitions> uses = owned.isEmpty()
                ? List.of()
                : List.of(ConsumerGroupHeartbeatRequest.TopicPartitions.builder()
                        .topicId(topicId)
                        .partitions(List.copyOf(owned))
                        .build());
        client.send(asked, heartbeat(work.epoch(), uses), 1, ConsumerGroupHeartbeatResponse.class)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        work.forgetCoordinator();
                    } else {
                        if (life.equals(work.memberId()) && !work.isOver()) {
                            heard(answer.message(), asked, sentNanos);
                        }
                        answer.close();
                    }
                    client.later(MemberWork.BEAT_NANOS, this::beat);
                });
    }

    private ConsumerGroupHeartbeatRequest heartbeat(
            int epoch, List<ConsumerGroupHeartbeatRequest.TopicPartitions> uses) {
        return ConsumerGroupHeartbeatRequest.builder()
                .groupId(MemberWork.GROUP)
                .memberId(work.memberId())
                .memberEpoch(epoch)
                .instanceId(null)
                .rackId(null)
                .rebalanceTimeoutMillis(3_000)
                .subscribedTopicNames(List.of(work.topic()))
                .subscribedTopicRegex(null)
                .serverAssignor(null)
                .topicPartitions(uses)
                .build();
    }

    private void heard(ConsumerGroupHeartbeatResponse answer, int asked, long sentNanos) {
        var code = ErrorCode.forCode(answer.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        var life = work.memberId();
        ledger.journal().detail("group: %s is answered %s, epoch %d", life, code, answer.memberEpoch());
        switch (code) {
            case NONE -> {
                work.is(life, answer.memberEpoch());
                if (answer.assignment() != null) {
                    assigned(answer.assignment());
                }
                ledger.holds(life, answer.memberEpoch(), work.owned(), asked, sentNanos);
                work.findStarts(true);
            }
            // Its group may have gone back to the classic protocol without it.
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID, GROUP_ID_NOT_FOUND -> anew();
            case UNKNOWN_SERVER_ERROR, INVALID_REQUEST -> {
                var text = "heartbeat of " + life + " was answered " + code + ": " + answer.errorMessage();
                ledger.journal().refused("I38", text, code);
                work.forgetCoordinator();
            }
            default -> work.forgetCoordinator();
        }
    }

    private void assigned(ConsumerGroupHeartbeatResponse.Assignment assignment) {
        var wanted = new TreeSet<Integer>();
        for (var each : assignment.topicPartitions()) {
            topicId = each.topicId();
            wanted.addAll(each.partitions());
        }
        work.assigned(wanted);
    }

    @Override
    public String toString() {
        return work.toString();
    }
}
