package io.thalweg.client;

import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What a member of a classic group does besides if it leads: assigns partitions to all members, and watches whether there are more of them
 * than it gave out. Owned by the loop.
 */
final class ClassicLeader {

    private final MetadataCache metadata;
    /** The partitions of each topic that were given out; nothing while another member leads. */
    private Map<String, Integer> givenOut = Map.of();

    ClassicLeader(MetadataCache metadata) {
        this.metadata = metadata;
    }

    /**
     * What the member that was answered so assigns: nothing if another one leads, and nothing either if it leads a group that keeps what it
     * was assigned (KIP-814).
     */
    CompletableFuture<List<SyncGroupRequest.Assignment>> assignments(JoinGroupResponse answer, Assignor assignor) {
        if (!answer.leader().equals(answer.memberId())) {
            givenOut = Map.of();
            return CompletableFuture.completedFuture(List.of());
        }
        var members = members(answer);
        var names = new LinkedHashSet<String>();
        members.forEach(member -> names.addAll(member.topics()));
        return asked(names).thenApply(known -> {
            givenOut = partitionCounts(names);
            return answer.skipAssignment() ? List.of() : assigned(members, assignor);
        });
    }

    private static List<ClassicMember> members(JoinGroupResponse answer) {
        return answer.members().stream()
                .map(member -> {
                    var said = SubscriptionCodec.decode(member.metadata());
                    var instance = member.groupInstanceId();
                    return new ClassicMember(
                            member.memberId(),
                            instance == null ? member.memberId() : instance,
                            said.topics(),
                            said.owned(),
                            said.generation());
                })
                .toList();
    }

    /** The topics of all members are asked for: a leader assigns also what it does not read itself. */
    private CompletableFuture<?> asked(Set<String> names) {
        if (names.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return metadata.ask(names);
        } catch (ClientException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Map<String, Integer> partitionCounts(Set<String> names) {
        var counts = new LinkedHashMap<String, Integer>();
        for (var name : names) {
            counts.put(
                    name,
                    metadata.image()
                            .topic(name)
                            .map(topic -> topic.partitions().size())
                            .orElse(0));
        }
        return counts;
    }

    private List<SyncGroupRequest.Assignment> assigned(List<ClassicMember> members, Assignor assignor) {
        return assignor.assign(members, givenOut).entrySet().stream()
                .map(each -> new SyncGroupRequest.Assignment(each.getKey(), AssignmentCodec.encode(each.getValue())))
                .toList();
    }

    /** Whether topics have other partitions by now than were given out. */
    boolean isOutdated() {
        return givenOut.entrySet().stream()
                .anyMatch(each -> metadata.image()
                        .topic(each.getKey())
                        .filter(topic -> topic.partitions().size() != each.getValue())
                        .isPresent());
    }
}
