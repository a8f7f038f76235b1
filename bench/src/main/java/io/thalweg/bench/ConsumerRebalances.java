package io.thalweg.bench;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A group of the consumer protocol (KIP-848) with as many partitions as members. Each member has its connection; they beat one after the
 * other without a pause, where real ones beat every five seconds, so that what is measured is how soon the server has an assignment.
 */
final class ConsumerRebalances implements RebalancedGroup {

    private static final int VERSION = 0;
    private static final int LEAVING = -1;
    private static final int REBALANCE_MILLIS = 60_000;
    private static final String TOPIC = "assigned";

    private final GroupRequests requests = new GroupRequests("reconciled");
    private final List<GroupWire> wires = new ArrayList<>();
    private final List<Seated> members = new ArrayList<>();

    /**
     * A member as it knows itself.
     *
     * @param epoch the last it was told of
     * @param owned what it was told to have, which it takes and gives up at once
     */
    private record Seated(String id, int epoch, List<ConsumerGroupHeartbeatRequest.TopicPartitions> owned) {

        static Seated newcomer() {
            return new Seated(UUID.randomUUID().toString(), 0, List.of());
        }

        private Seated told(ConsumerGroupHeartbeatResponse answer) {
            var given = answer.assignment();
            var next = given == null
                    ? owned
                    : given.topicPartitions().stream()
                            .map(each -> new ConsumerGroupHeartbeatRequest.TopicPartitions(
                                    each.topicId(), each.partitions()))
                            .toList();
            return new Seated(id, answer.memberEpoch(), next);
        }

        private int ownedCount() {
            return owned.stream().mapToInt(each -> each.partitions().size()).sum();
        }
    }

    /** A group whose members have all they are to have. */
    ConsumerRebalances(Server server, int members) throws IOException {
        server.create(TOPIC, members, false);
        for (var member = 0; member < members; member++) {
            wires.add(new GroupWire(server));
            this.members.add(Seated.newcomer());
        }
        requests.awaitCoordinator(wires.get(0));
        settle();
    }

    @Override
    public double round() throws IOException {
        var last = members.size() - 1;
        leave(last);
        settle();
        members.set(last, Seated.newcomer());
        var begun = System.nanoTime();
        settle();
        return (System.nanoTime() - begun) / 1e6;
    }

    private void leave(int member) throws IOException {
        var leaving = new Seated(members.get(member).id(), LEAVING, List.of());
        var unused = wires.get(member).ask(beat(leaving), VERSION, ConsumerGroupHeartbeatResponse.class);
        members.set(member, leaving);
    }

    /** Has all who are there beat until they are in one epoch and have all partitions. */
    private void settle() throws IOException {
        do {
            beatAll();
        } while (!isSettled());
    }

    private void beatAll() throws IOException {
        for (var member = 0; member < members.size(); member++) {
            if (isThere(member)) {
                wires.get(member).send(beat(members.get(member)), VERSION);
            }
        }
        for (var member = 0; member < members.size(); member++) {
            if (isThere(member)) {
                members.set(member, answered(members.get(member), wires.get(member)));
            }
        }
    }

    private boolean isThere(int member) {
        return members.get(member).epoch() != LEAVING;
    }

    /** The member as it is after the answer; a server that has only just found its groups is asked again. */
    private Seated answered(Seated member, GroupWire wire) throws IOException {
        var answer = wire.answer(ApiKey.CONSUMER_GROUP_HEARTBEAT, VERSION, ConsumerGroupHeartbeatResponse.class);
        if (GroupRequests.isNotReady(answer.errorCode())) {
            return member;
        }
        requests.expectNone("heartbeat", answer.errorCode());
        return member.told(answer);
    }

    private boolean isSettled() {
        var there = members.stream().filter(each -> each.epoch() != LEAVING).toList();
        return there.stream().mapToInt(Seated::epoch).distinct().count() == 1
                && there.stream().mapToInt(Seated::ownedCount).sum() == members.size()
                && there.stream().allMatch(each -> each.ownedCount() > 0);
    }

    private ConsumerGroupHeartbeatRequest beat(Seated member) {
        return ConsumerGroupHeartbeatRequest.builder()
                .groupId(requests.group())
                .memberId(member.id())
                .memberEpoch(member.epoch())
                .rebalanceTimeoutMillis(REBALANCE_MILLIS)
                .subscribedTopicNames(List.of(TOPIC))
                .topicPartitions(member.owned())
                .build();
    }

    @Override
    public void close() throws IOException {
        for (var wire : wires) {
            wire.close();
        }
    }
}
