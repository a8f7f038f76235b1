package io.thalweg.coordinator.group.assign;

import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A member as assignors see it.
 *
 * @param instanceId of a static member
 * @param topics the existing topics that it subscribes to
 * @param former what it was to have so far
 */
public record Subscriber(
        String memberId, @Nullable String instanceId, SortedSet<UUID> topics, AssignedPartitions former) {}
