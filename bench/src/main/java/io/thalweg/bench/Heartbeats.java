package io.thalweg.bench;

import io.thalweg.protocol.message.JoinGroupResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Many groups of ten members that beat every three seconds and want nothing else. */
final class Heartbeats {

    static final int MEMBERS = 10;

    /** Groups whose members share ten connections: the first member of each has the first one, and so on. */
    private static final int GROUPS_OF_A_SET = 5;

    private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Server server;
    private final int groups;

    Heartbeats(Server server, int groups) {
        this.server = server;
        this.groups = groups;
    }

    /**
     * How it went.
     *
     * @param disturbed beats that were answered with anything but that all is well
     * @param slowestMillis the longest time that the beats of a set took
     */
    record Result(long beats, long disturbed, double slowestMillis) {

        private Result and(Result other) {
            return new Result(
                    beats + other.beats, disturbed + other.disturbed, Math.max(slowestMillis, other.slowestMillis));
        }

        @Override
        public String toString() {
            return String.format(
                    "%,d heartbeats, %,d disturbed, those of %d members answered within %.1f ms",
                    beats, disturbed, MEMBERS * GROUPS_OF_A_SET, slowestMillis);
        }
    }

    Result run(int seconds) throws Exception {
        try (var first = new GroupWire(server)) {
            new GroupRequests("beat-0").awaitCoordinator(first);
        }
        var sets = (groups + GROUPS_OF_A_SET - 1) / GROUPS_OF_A_SET;
        var threads = Executors.newFixedThreadPool(sets);
        try {
            var work = new ArrayList<Callable<Result>>();
            for (var set = 0; set < sets; set++) {
                var from = set * GROUPS_OF_A_SET;
                var upTo = Math.min(groups, from + GROUPS_OF_A_SET);
                work.add(() -> beatAll(from, upTo, seconds));
            }
            var total = new Result(0, 0, 0);
            for (var result : threads.invokeAll(work)) {
                total = total.and(result.get());
            }
            return total;
        } finally {
            threads.shutdown();
        }
    }

    /** A group that all have joined. */
    private record Stable(GroupRequests requests, List<JoinGroupResponse> members) {}

    private Result beatAll(int from, int upTo, int seconds) throws IOException {
        var wires = new ArrayList<GroupWire>();
        try {
            for (var member = 0; member < MEMBERS; member++) {
                wires.add(new GroupWire(server));
            }
            var stable = new ArrayList<Stable>();
            for (var group = from; group < upTo; group++) {
                stable.add(join(wires, new GroupRequests("beat-" + group)));
                // Joining takes some seconds, and those that have must not be taken for dead.
                var unused = beat(wires, stable);
            }
            var result = new Result(0, 0, 0);
            var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            for (var next = System.nanoTime(); next < end; next += BEAT_NANOS) {
                while (System.nanoTime() < next) {
                    LockSupport.parkNanos(next - System.nanoTime());
                }
                result = result.and(beat(wires, stable));
            }
            return result;
        } finally {
            for (var wire : wires) {
                wire.close();
            }
        }
    }

    private static Stable join(List<GroupWire> wires, GroupRequests requests) throws IOException {
        for (var wire : wires) {
            requests.sendJoin(wire, "");
        }
        var members = new ArrayList<JoinGroupResponse>();
        for (var wire : wires) {
            members.add(requests.joined(wire));
        }
        for (var member = 0; member < MEMBERS; member++) {
            requests.sendSync(wires.get(member), members.get(member));
        }
        for (var wire : wires) {
            requests.synced(wire);
        }
        return new Stable(requests, members);
    }

    private static Result beat(List<GroupWire> wires, List<Stable> groups) throws IOException {
        var begun = System.nanoTime();
        for (var group : groups) {
            for (var member = 0; member < MEMBERS; member++) {
                var joined = group.members().get(member);
                group.requests().sendHeartbeat(wires.get(member), joined.memberId(), joined.generationId());
            }
        }
        var disturbed = 0L;
        for (var wire : wires) {
            for (var group = 0; group < groups.size(); group++) {
                disturbed += GroupRequests.heartbeatError(wire) == 0 ? 0 : 1;
            }
        }
        return new Result((long) MEMBERS * groups.size(), disturbed, (System.nanoTime() - begun) / 1e6);
    }
}
