package io.thalweg.simulation.load;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import io.thalweg.protocol.message.FindCoordinatorRequest;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import io.thalweg.simulation.check.GroupLedger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;

/**
 * A member of a consumer group (KIP-848) that goes through the partitions it is given, as far as others have read them, and commits how
 * far it got. It gives a partition up as soon as it is told to. Owned by the scheduler.
 */
public final class GroupMember {

    private static final String GROUP = "readers";
    private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_AT_ONCE = 20;

    private final ClusterClient client;
    private final GroupLedger ledger;
    private final String topic;
    private final IntToLongFunction ends;
    private final TreeMap<Integer, Long> positions = new TreeMap<>();
    private final Set<Integer> beginning = new TreeSet<>();
    private UUID topicId = new UUID(0, 0);
    private String memberId = "";
    private int memberEpoch;
    private int coordinator = -1;
    private boolean isCommitting;
    private boolean isPaused;

    /**
     * One that does nothing until begun.
     *
     * @param ends how far each partition can be read
     */
    public GroupMember(ClusterClient client, GroupLedger ledger, String topic, IntToLongFunction ends) {
        this.client = client;
        this.ledger = ledger;
        this.topic = topic;
        this.ends = ends;
    }

    /** Begins a life as a member. */
    public void begin() {
        anew();
        beat();
        step();
    }

    /** Does nothing for a while, and then goes on as if nothing had been. */
    public void pause(long nanos) {
        ledger.journal().note("group: " + memberId + " pauses");
        isPaused = true;
        client.later(nanos, () -> isPaused = false);
    }

    private void anew() {
        ledger.lost(memberId);
        positions.clear();
        beginning.clear();
        memberId = new UUID(client.random().nextLong(), client.random().nextLong()).toString();
        memberEpoch = 0;
    }

    private void beat() {
        if (isPaused) {
            client.later(BEAT_NANOS, this::beat);
        } else if (coordinator < 0) {
            findCoordinator();
        } else {
            sendBeat();
        }
    }

    private void findCoordinator() {
        var request = FindCoordinatorRequest.builder()
                .keyType((byte) 0)
                .coordinatorKeys(List.of(GROUP))
                .build();
        client.sendToAny(request, 4, FindCoordinatorResponse.class).whenComplete((answer, failure) -> {
            if (failure == null) {
                var found = answer.message().coordinators().get(0);
                coordinator = found.errorCode() == ErrorCode.NONE.code() ? found.nodeId() : -1;
                answer.close();
            }
            client.later(coordinator < 0 ? BEAT_NANOS : 1, this::beat);
        });
    }

    private void sendBeat() {
        var life = memberId;
        var asked = coordinator;
        var sentNanos = client.process().scheduler().nowNanos();
        var owned = owned();
        var request = ConsumerGroupHeartbeatRequest.builder()
                .groupId(GROUP)
                .memberId(memberId)
                .memberEpoch(memberEpoch)
                .instanceId(null)
                .rackId(null)
                .rebalanceTimeoutMillis(3_000)
                .subscribedTopicNames(List.of(topic))
                .subscribedTopicRegex(null)
                .serverAssignor(null)
                .topicPartitions(
                        owned.isEmpty()
                                ? List.of()
                                : List.of(ConsumerGroupHeartbeatRequest.TopicPartitions.builder()
                                        .topicId(topicId)
                                        .partitions(List.copyOf(owned))
                                        .build()))
                .build();
        client.send(coordinator, request, 1, ConsumerGroupHeartbeatResponse.class)
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        coordinator = -1;
                    } else {
                        if (life.equals(memberId)) {
                            heard(answer.message(), asked, sentNanos);
                        }
                        answer.close();
                    }
                    client.later(BEAT_NANOS, this::beat);
                });
    }

    /** What it goes through, and what it is about to. */
    private Set<Integer> owned() {
        var owned = new TreeSet<>(positions.keySet());
        owned.addAll(beginning);
        return owned;
    }

    private void heard(ConsumerGroupHeartbeatResponse answer, int asked, long sentNanos) {
        var code = ErrorCode.forCode(answer.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        ledger.journal().detail("group: %s is answered %s, epoch %d", memberId, code, answer.memberEpoch());
        switch (code) {
            case NONE -> {
                memberEpoch = answer.memberEpoch();
                if (answer.assignment() != null) {
                    assigned(answer.assignment());
                }
                ledger.holds(memberId, memberEpoch, owned(), asked, sentNanos);
                List.copyOf(beginning).forEach(this::findStart);
            }
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID -> anew();
            case UNKNOWN_SERVER_ERROR, INVALID_REQUEST ->
                ledger.journal()
                        .violated(
                                "I38",
                                "heartbeat of " + memberId + " was answered " + code + ": " + answer.errorMessage());
            default -> coordinator = -1;
        }
    }

    private void assigned(ConsumerGroupHeartbeatResponse.Assignment assignment) {
        var wanted = new TreeSet<Integer>();
        for (var each : assignment.topicPartitions()) {
            topicId = each.topicId();
            wanted.addAll(each.partitions());
        }
        positions.keySet().retainAll(wanted);
        beginning.retainAll(wanted);
        wanted.removeAll(positions.keySet());
        beginning.addAll(wanted);
    }

    private void findStart(int partition) {
        var life = memberId;
        var committedBefore = ledger.committed(partition);
        var request = OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequest.Group.builder()
                        .groupId(GROUP)
                        .memberId(memberId)
                        .memberEpoch(memberEpoch)
                        .topics(List.of(OffsetFetchRequest.GroupTopic.builder()
                                .name(topic)
                                .partitionIndexes(List.of(partition))
                                .build()))
                        .build()))
                .requireStable(true)
                .build();
        client.send(coordinator, request, 9, OffsetFetchResponse.class).whenComplete((answer, failure) -> {
            if (failure == null && life.equals(memberId) && beginning.contains(partition)) {
                start(partition, committedBefore, answer.message().groups().get(0));
            }
        });
    }

    private void start(int partition, long committedBefore, OffsetFetchResponse.Group answer) {
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            return;
        }
        var found = answer.topics().get(0).partitions().get(0);
        if (found.errorCode() == ErrorCode.NONE.code()) {
            var offset = Math.max(0, found.committedOffset());
            ledger.began(memberId, partition, offset, committedBefore);
            beginning.remove(partition);
            positions.put(partition, offset);
        }
    }

    /** Goes on a little in each partition, and commits. */
    private void step() {
        client.later(STEP_NANOS, () -> {
            if (!isPaused) {
                positions.replaceAll(this::advanced);
                commit();
            }
            step();
        });
    }

    private long advanced(int partition, long position) {
        var next = Math.max(
                position, Math.min(position + client.random().nextInt(MOST_AT_ONCE), ends.applyAsLong(partition)));
        ledger.handled(partition, next);
        return next;
    }

    private void commit() {
        if (isCommitting || positions.isEmpty() || coordinator < 0) {
            return;
        }
        isCommitting = true;
        var member = memberId;
        var committing = new TreeMap<>(positions);
        var before = new HashMap<Integer, Long>();
        committing.keySet().forEach(partition -> before.put(partition, ledger.committed(partition)));
        var request = OffsetCommitRequest.builder()
                .groupId(GROUP)
                .memberId(memberId)
                .generationIdOrMemberEpoch(memberEpoch)
                .groupInstanceId(null)
                .topics(List.of(OffsetCommitRequest.Topic.builder()
                        .name(topic)
                        .partitions(committing.entrySet().stream()
                                .map(entry -> OffsetCommitRequest.Partition.builder()
                                        .partitionIndex(entry.getKey())
                                        .committedOffset(entry.getValue())
                                        .committedLeaderEpoch(-1)
                                        .committedMetadata("")
                                        .build())
                                .toList())
                        .build()))
                .build();
        client.send(coordinator, request, 9, OffsetCommitResponse.class).whenComplete((answer, failure) -> {
            isCommitting = false;
            if (failure == null) {
                committed(member, committing, before, answer.message());
            }
        });
    }

    private void committed(
            String member, Map<Integer, Long> offsets, Map<Integer, Long> before, OffsetCommitResponse answer) {
        for (var partition : answer.topics().get(0).partitions()) {
            var index = partition.partitionIndex();
            if (partition.errorCode() == ErrorCode.NONE.code()) {
                ledger.committed(member, index, offsets.getOrDefault(index, 0L), before.getOrDefault(index, 0L));
            } else {
                ledger.journal().detail("group: commit of %s was answered %d", member, partition.errorCode());
            }
        }
    }

    @Override
    public String toString() {
        return "member " + memberId + " in epoch " + memberEpoch + " at " + positions + ", about to begin " + beginning
                + ", coordinator " + coordinator;
    }
}
