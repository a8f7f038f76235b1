package io.thalweg.tck.coordination;

import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataLog;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A quorum in which nodes 1, 2 and 3 vote, and what tests of it have in common. */
abstract class QuorumSuite {

    static final List<Integer> VOTERS = List.of(1, 2, 3);

    final Map<Integer, Member> members = new TreeMap<>();

    /** Opens the member of a node; one opened again after it was closed has what it stored. The suite closes it. */
    protected abstract MetadataLog open(int node);

    @BeforeEach
    final void start() {
        VOTERS.forEach(this::begin);
    }

    @AfterEach
    final void end() {
        var closed = members.values().stream()
                .map(member -> CompletableFuture.runAsync(member::close, task -> new Thread(task).start()))
                .toList();
        closed.forEach(CompletableFuture::join);
    }

    final Member begin(int node) {
        var member = new Member(open(node));
        members.put(node, member);
        member.log().subscribe(member.history());
        return member;
    }

    final void close(int node) {
        member(node).close();
        members.remove(node);
    }

    final Member member(int node) {
        var member = members.get(node);
        if (member == null) {
            throw new AssertionError("node " + node + " is not open");
        }
        return member;
    }

    /** Waits until one of the nodes leads and each of them knows; gives its number. */
    final int awaitLeader(Collection<Integer> nodes) {
        var any = member(nodes.iterator().next());
        any.awaitThat("nodes " + nodes + " agree on a leader among them", () -> agreed(nodes));
        return leaderToldTo(nodes.iterator().next());
    }

    final boolean agreed(Collection<Integer> nodes) {
        int leader = leaderToldTo(nodes.iterator().next());
        return nodes.contains(leader)
                && nodes.stream().allMatch(node -> leaderToldTo(node) == leader)
                && member(leader).leadership().isPresent()
                && nodes.stream()
                                .map(node -> member(node).told().map(Leadership::epoch))
                                .distinct()
                                .count()
                        == 1;
    }

    final int leaderToldTo(int node) {
        return member(node).told().map(told -> told.leaderId().orElse(-1)).orElse(-1);
    }

    final int anyBut(int node) {
        return VOTERS.stream()
                .filter(voter -> voter != node && members.containsKey(voter))
                .findFirst()
                .orElseThrow();
    }

    final List<Integer> openBut(int node) {
        return members.keySet().stream().filter(voter -> voter != node).toList();
    }

    final void awaitRecords(int node, String... records) {
        var member = member(node);
        member.awaitThat(
                "node " + node + " has heard " + List.of(records),
                () -> member.history().records().equals(List.of(records)));
    }
}
