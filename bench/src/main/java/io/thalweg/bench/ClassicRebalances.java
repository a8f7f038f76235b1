package io.thalweg.bench;

import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A group of the classic protocol: all join, one assigns, all sync. Each member has its connection; they ask one after the other, without
 * waiting for each other's answers, and what they ask is made beforehand where that can be known.
 */
final class ClassicRebalances implements RebalancedGroup {

    private static final int LEAVE_VERSION = 2;

    private final GroupRequests requests = new GroupRequests("rebalanced");
    private final List<GroupWire> wires = new ArrayList<>();
    private final List<String> ids;
    private int generation;

    /** A group whose members have all joined once, which waits for members to come. */
    ClassicRebalances(Server server, int members) throws IOException {
        this.ids = new ArrayList<>(Collections.nCopies(members, ""));
        for (var member = 0; member < members; member++) {
            wires.add(new GroupWire(server));
        }
        requests.awaitCoordinator(wires.get(0));
        var unused = rebalance();
    }

    @Override
    public double round() throws IOException {
        var last = ids.size() - 1;
        leave(last);
        // Requests of different connections overtake each other: without an id that is waited for the others would be
        // let go.
        ids.set(last, requests.announce(wires.get(last)));
        return rebalance();
    }

    private void leave(int member) throws IOException {
        var leaving = LeaveGroupRequest.builder()
                .groupId(requests.group())
                .memberId(ids.get(member))
                .build();
        var answer = wires.get(member).ask(leaving, LEAVE_VERSION, LeaveGroupResponse.class);
        requests.expectNone("leave", answer.errorCode());
    }

    private double rebalance() throws IOException {
        var joins = ids.stream().map(requests::joinFrame).toList();
        var expected = generation + 1;
        var syncs = ids.stream()
                .map(id -> requests.syncFrame(id, expected, List.of()))
                .toList();
        var begun = System.nanoTime();
        for (var member = 0; member < ids.size(); member++) {
            wires.get(member).send(joins.get(member));
        }
        var joined = new ArrayList<JoinGroupResponse>();
        for (var wire : wires) {
            joined.add(requests.joined(wire));
        }
        for (var member = 0; member < ids.size(); member++) {
            wires.get(member).send(syncOf(joined.get(member), ids.get(member), syncs.get(member)));
        }
        for (var wire : wires) {
            requests.synced(wire);
        }
        var millis = (System.nanoTime() - begun) / 1e6;
        remember(joined);
        return millis;
    }

    /** What was made beforehand, unless the member has just heard whom it leads, or who it is. */
    private byte[] syncOf(JoinGroupResponse joined, String knownId, byte[] made) {
        var isAsExpected = joined.memberId().equals(knownId)
                && joined.generationId() == generation + 1
                && joined.members().isEmpty();
        return isAsExpected ? made : requests.syncFrame(joined.memberId(), joined.generationId(), joined.members());
    }

    private void remember(List<JoinGroupResponse> joined) {
        generation = joined.get(0).generationId();
        for (var member = 0; member < ids.size(); member++) {
            ids.set(member, joined.get(member).memberId());
        }
    }

    @Override
    public void close() throws IOException {
        for (var wire : wires) {
            wire.close();
        }
    }
}
