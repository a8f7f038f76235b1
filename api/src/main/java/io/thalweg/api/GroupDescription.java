package io.thalweg.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group as it is now.
 *
 * @param state such as {@code Stable}, {@code Empty}, or {@code Dead} if there is no such group
 * @param protocol how its members share, such as {@code range}; empty while that is not settled
 * @param coordinatorId the broker that coordinates it
 * @param committed the committed offsets
 */
public record GroupDescription(
        String groupId,
        String state,
        String protocolType,
        String protocol,
        int coordinatorId,
        List<Member> members,
        Map<TopicPartition, Long> committed) {

    private static final String DEAD = "Dead";

    /** Copies the list and the map. */
    public GroupDescription {
        members = List.copyOf(members);
        committed = Map.copyOf(committed);
    }

    public boolean exists() {
        return !state.equals(DEAD) || !committed.isEmpty();
    }

    /**
     * A member of a group.
     *
     * @param instanceId null of a dynamic member
     * @param assigned empty if the members are no consumers, or wait for an assignment
     */
    public record Member(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String clientHost,
            List<TopicPartition> assigned) {

        /** Copies the list. */
        public Member {
            assigned = List.copyOf(assigned);
        }
    }
}
