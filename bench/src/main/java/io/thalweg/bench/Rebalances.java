package io.thalweg.bench;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A group, one of whose members leaves and comes back as another: all join, one assigns, all sync. Each member has its connection; they ask
 * one after the other, without waiting for each other's answers.
 */
final class Rebalances {

    private static final int LEAVE_VERSION = 2;

    private final Server server;
    private final int members;
    private final GroupRequests requests = new GroupRequests("rebalanced");

    Rebalances(Server server, int members) {
        this.server = server;
        this.members = members;
    }

    /** The milliseconds of each rebalance, ascending; the first of all, which waits for members to come, is not counted. */
    double[] run(int rounds) throws IOException {
        var wires = new ArrayList<GroupWire>();
        try {
            for (var member = 0; member < members; member++) {
                wires.add(new GroupWire(server));
            }
            requests.awaitCoordinator(wires.get(0));
            var ids = new ArrayList<>(Collections.nCopies(members, ""));
            rebalance(wires, ids);
            var millis = new double[rounds];
            for (var round = 0; round < rounds; round++) {
                leave(wires.get(members - 1), ids);
                var begun = System.nanoTime();
                rebalance(wires, ids);
                millis[round] = (System.nanoTime() - begun) / 1e6;
            }
            Arrays.sort(millis);
            return millis;
        } finally {
            for (var wire : wires) {
                wire.close();
            }
        }
    }

    private void leave(GroupWire wire, List<String> ids) throws IOException {
        var leaving = LeaveGroupRequest.builder()
                .groupId(requests.group())
                .memberId(ids.set(members - 1, ""))
                .build();
        wire.send(leaving, LEAVE_VERSION);
        requests.expectNone(
                "leave",
                wire.answer(ApiKey.LEAVE_GROUP, LEAVE_VERSION, LeaveGroupResponse.class)
                        .errorCode());
    }

    private void rebalance(List<GroupWire> wires, List<String> ids) throws IOException {
        // The newcomer comes first: the others would be let go without it.
        for (var member = members - 1; member >= 0; member--) {
            requests.sendJoin(wires.get(member), ids.get(member));
        }
        var joined = new ArrayList<JoinGroupResponse>();
        for (var member = 0; member < members; member++) {
            joined.add(requests.joined(wires.get(member)));
            ids.set(member, joined.get(member).memberId());
        }
        for (var member = 0; member < members; member++) {
            requests.sendSync(wires.get(member), joined.get(member));
        }
        for (var wire : wires) {
            requests.synced(wire);
        }
    }
}
