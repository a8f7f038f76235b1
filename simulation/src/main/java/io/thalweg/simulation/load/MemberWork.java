package io.thalweg.simulation.load;

import io.thalweg.protocol.ErrorCode;
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
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;

/**
 * What a member of a group does with the partitions it is given: it goes through them, as far as others have read them, and commits how far
 * it got. Whatever protocol it speaks tells it who it is. Owned by the scheduler.
 */
final class MemberWork {

    static final String GROUP = "readers";
    static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int MOST_AT_ONCE = 20;

    private final ClusterClient client;
    private final GroupLedger ledger;
    private final String topic;
    private final IntToLongFunction ends;
    private final TreeMap<Integer, Long> positions = new TreeMap<>();
    private final Set<Integer> beginning = new TreeSet<>();
    private String memberId = "";
    private int epoch;
    private int coordinator = -1;
    private boolean isCommitting;
    private boolean isPaused;
    private boolean isOver;

    /**
     * That of nobody yet.
     *
     * @param ends how far each partition can be read
     */
    MemberWork(ClusterClient client, GroupLedger ledger, String topic, IntToLongFunction ends) {
        this.client = client;
        this.ledger = ledger;
        this.topic = topic;
        this.ends = ends;
    }

    ClusterClient client() {
        return client;
    }

    GroupLedger ledger() {
        return ledger;
    }

    String topic() {
        return topic;
    }

    boolean isPaused() {
        return isPaused;
    }

    String memberId() {
        return memberId;
    }

    int epoch() {
        return epoch;
    }

    /** The broker that coordinates the group; -1 if it is not known. */
    int coordinator() {
        return coordinator;
    }

    /** Nothing more is said to this coordinator. */
    void forgetCoordinator() {
        coordinator = -1;
    }

    /** Who the member is from now on, and in which epoch or generation. */
    void is(String newMemberId, int newEpoch) {
        memberId = newMemberId;
        epoch = newEpoch;
    }

    /** Holds nothing any more. */
    void drop() {
        ledger.lost(memberId);
        positions.clear();
        beginning.clear();
    }

    void pause(long nanos) {
        ledger.journal().note("group: " + memberId + " pauses");
        isPaused = true;
        client.later(nanos, () -> isPaused = false);
    }

    /** Nothing of it happens any more, whatever it is still told. */
    void end() {
        ledger.journal().note("group: " + memberId + " ends");
        drop();
        isOver = true;
    }

    boolean isOver() {
        return isOver;
    }

    /** Looks for the coordinator, and goes on whether it was found or not. */
    void findCoordinator(Runnable onwards) {
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
            client.later(coordinator < 0 ? BEAT_NANOS : 1, onwards);
        });
    }

    /** What it goes through, and what it is about to. */
    Set<Integer> owned() {
        var owned = new TreeSet<>(positions.keySet());
        owned.addAll(beginning);
        return owned;
    }

    /** It is given these, and nothing else any more. */
    void assigned(Set<Integer> partitions) {
        var wanted = new TreeSet<>(partitions);
        positions.keySet().retainAll(wanted);
        beginning.retainAll(wanted);
        wanted.removeAll(positions.keySet());
        beginning.addAll(wanted);
    }

    /** Asks where to begin, for those partitions for which it does not know. */
    void findStarts(boolean isNamed) {
        List.copyOf(beginning).forEach(partition -> findStart(partition, isNamed));
    }

    private void findStart(int partition, boolean isNamed) {
        var life = memberId;
        var committedBefore = ledger.committed(partition);
        var request = OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequest.Group.builder()
                        .groupId(GROUP)
                        .memberId(isNamed ? memberId : null)
                        .memberEpoch(isNamed ? epoch : -1)
                        .topics(List.of(OffsetFetchRequest.GroupTopic.builder()
                                .name(topic)
                                .partitionIndexes(List.of(partition))
                                .build()))
                        .build()))
                .requireStable(true)
                .build();
        client.send(coordinator, request, 9, OffsetFetchResponse.class).whenComplete((answer, failure) -> {
            if (failure == null && !isOver && life.equals(memberId) && beginning.contains(partition)) {
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

    /** Goes on a little in each partition, and commits, again and again. */
    void begin() {
        client.later(STEP_NANOS, () -> {
            if (isOver) {
                return;
            }
            if (!isPaused) {
                positions.replaceAll(this::advanced);
                commit();
            }
            begin();
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
                .generationIdOrMemberEpoch(epoch)
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
            } else {
                committing.forEach(ledger::unanswered);
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
        return "member " + memberId + " in epoch " + epoch + " at " + positions + ", about to begin " + beginning
                + ", coordinator " + coordinator;
    }
}
