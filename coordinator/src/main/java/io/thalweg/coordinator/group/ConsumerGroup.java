package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.coordinator.metadata.MetadataImage;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A group of the consumer protocol (KIP-848): all of it but the timers is what its records say. Owned by the coordinator's event loop; a
 * {@link #copy} is its holder's.
 */
final class ConsumerGroup implements Group {

    /** The epoch of a group before anybody has joined. */
    private static final int FIRST_EPOCH = 1;

    private final String id;
    private final TreeMap<String, ConsumerMember> members;
    private final TreeMap<String, String> staticMembers;
    private final TreeMap<String, AssignedPartitions> targets;
    private final TreeMap<UUID, TreeMap<Integer, String>> owners;
    private final TreeMap<String, ResolvedRegex> regexes;
    private int epoch = FIRST_EPOCH;
    private long metadataHash;
    private int targetEpoch;

    private final Notes notes;

    /** What is known of the group and is no part of it: lost with the coordinator, and found out again. */
    static final class Notes {

        /** The metadata that the group was last compared with, null if it has yet to be. */
        @Nullable MetadataImage comparedWith;

        /** When regular expressions were last matched with the topics. */
        long regexMillis = Long.MIN_VALUE / 2;

        @SuppressWarnings("ReferenceEquality") // Two images that are equal are compared once too often, not too rarely.
        boolean isComparedWith(MetadataImage image) {
            return comparedWith == image;
        }

        /**
         * What members said that they use who had taken everything they were given by then. Who says nothing has not changed it (KIP-848);
         * who has yet to take something may do so without a word.
         */
        private final Map<String, AssignedPartitions> used = new HashMap<>();

        /** What the member uses, null if it may have taken something since it last said so. */
        @Nullable AssignedPartitions used(String memberId) {
            return used.get(memberId);
        }

        /** The member has said what it uses, and has taken a step. */
        void note(ConsumerMember member, @Nullable AssignedPartitions said) {
            var assigned = member.progress().assigned();
            if (said == null
                    || !assigned.where((topic, partition) -> !said.contains(topic, partition))
                            .isEmpty()) {
                used.remove(member.id());
            } else {
                used.put(member.id(), said);
            }
        }

        void forget(String memberId) {
            used.remove(memberId);
        }
    }

    /** What a regular expression matched when it was looked up. */
    record ResolvedRegex(SortedSet<String> topics, long version, long millis) {

        ResolvedRegex {
            topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
        }
    }

    ConsumerGroup(String id) {
        this.id = id;
        this.members = new TreeMap<>();
        this.staticMembers = new TreeMap<>();
        this.targets = new TreeMap<>();
        this.owners = new TreeMap<>();
        this.regexes = new TreeMap<>();
        this.notes = new Notes();
    }

    private ConsumerGroup(ConsumerGroup other) {
        this.id = other.id;
        this.members = new TreeMap<>(other.members);
        this.staticMembers = new TreeMap<>(other.staticMembers);
        this.targets = new TreeMap<>(other.targets);
        this.owners = new TreeMap<>();
        other.owners.forEach((topic, partitions) -> owners.put(topic, new TreeMap<>(partitions)));
        this.regexes = new TreeMap<>(other.regexes);
        this.epoch = other.epoch;
        this.metadataHash = other.metadataHash;
        this.targetEpoch = other.targetEpoch;
        this.notes = other.notes;
    }

    /** Another one, which may be changed without changing this one. */
    ConsumerGroup copy() {
        return new ConsumerGroup(this);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String typeText() {
        return "consumer";
    }

    @Override
    public String protocolTypeText() {
        return "consumer";
    }

    @Override
    public String stateText() {
        if (members.isEmpty()) {
            return "Empty";
        }
        if (epoch > targetEpoch) {
            return "Assigning";
        }
        var isStable =
                members.values().stream().allMatch(member -> member.progress().isReconciledTo(targetEpoch));
        return isStable ? "Stable" : "Reconciling";
    }

    @Override
    public boolean isWithoutAnyone() {
        return members.isEmpty();
    }

    Notes notes() {
        return notes;
    }

    int epoch() {
        return epoch;
    }

    long metadataHash() {
        return metadataHash;
    }

    /** The epoch that the target assignment is made for. */
    int targetEpoch() {
        return targetEpoch;
    }

    Collection<ConsumerMember> members() {
        return members.values();
    }

    @Nullable ConsumerMember member(String memberId) {
        return members.get(memberId);
    }

    @Nullable ConsumerMember staticMember(@Nullable String instanceId) {
        var memberId = instanceId == null ? null : staticMembers.get(instanceId);
        return memberId == null ? null : members.get(memberId);
    }

    AssignedPartitions target(String memberId) {
        return targets.getOrDefault(memberId, AssignedPartitions.NONE);
    }

    boolean hasTarget(String memberId) {
        return targets.containsKey(memberId);
    }

    /** Who has the partition, or has yet to give it up. */
    @Nullable String owner(UUID topic, int partition) {
        var partitions = owners.get(topic);
        return partitions == null ? null : partitions.get(partition);
    }

    SortedMap<String, ResolvedRegex> regexes() {
        return Collections.unmodifiableSortedMap(regexes);
    }

    /** The regular expressions that members subscribe to. */
    SortedSet<String> subscribedRegexes() {
        var found = new TreeSet<String>();
        members.values().forEach(member -> found.add(member.subscription().regex()));
        found.remove("");
        return found;
    }

    /** Names of the topics that a member subscribes to, in one way or the other. */
    SortedSet<String> topicsOf(ConsumerMember member) {
        var resolved = regexes.get(member.subscription().regex());
        if (resolved == null) {
            return member.subscription().topics();
        }
        var all = new TreeSet<>(member.subscription().topics());
        all.addAll(resolved.topics());
        return all;
    }

    /** Names of the topics that anybody subscribes to. */
    SortedSet<String> topics() {
        var all = new TreeSet<String>();
        members.values().forEach(member -> all.addAll(topicsOf(member)));
        return all;
    }

    // What records do, each in its own way.

    void setEpoch(int newEpoch, long hash) {
        epoch = newEpoch;
        metadataHash = hash;
    }

    void setTargetEpoch(int newEpoch) {
        targetEpoch = newEpoch;
    }

    void setTarget(String memberId, AssignedPartitions target) {
        targets.put(memberId, target);
    }

    void removeTarget(String memberId) {
        targets.remove(memberId);
    }

    void setSubscription(String memberId, MemberSubscription subscription) {
        var former = members.get(memberId);
        members.put(
                memberId,
                former == null ? ConsumerMember.unheardOf(memberId).with(subscription) : former.with(subscription));
        var instanceId = subscription.instanceId();
        if (instanceId != null) {
            staticMembers.put(instanceId, memberId);
        }
    }

    void setProgress(String memberId, MemberProgress progress) {
        var member = members.get(memberId);
        var former = member == null ? ConsumerMember.unheardOf(memberId) : member;
        disown(former);
        members.put(memberId, former.with(progress));
        own(memberId, progress.assigned());
        own(memberId, progress.revoking());
    }

    private void own(String memberId, AssignedPartitions partitions) {
        partitions.forEach((topic, partition, at) ->
                owners.computeIfAbsent(topic, first -> new TreeMap<>()).put(partition, memberId));
    }

    private void disown(ConsumerMember member) {
        disown(member.id(), member.progress().assigned());
        disown(member.id(), member.progress().revoking());
    }

    private void disown(String memberId, AssignedPartitions partitions) {
        partitions.forEach((topic, partition, at) -> {
            Map<Integer, String> known = owners.get(topic);
            if (known != null) {
                known.remove(partition, memberId);
                if (known.isEmpty()) {
                    owners.remove(topic);
                }
            }
        });
    }

    void clearProgress(String memberId) {
        if (members.containsKey(memberId)) {
            setProgress(memberId, MemberProgress.NEW);
        }
    }

    void remove(String memberId) {
        var member = members.remove(memberId);
        if (member != null) {
            disown(member);
            var instanceId = member.subscription().instanceId();
            if (instanceId != null) {
                staticMembers.remove(instanceId, memberId);
            }
        }
    }

    void setRegex(String regex, ResolvedRegex resolved) {
        regexes.put(regex, resolved);
    }

    void removeRegex(String regex) {
        regexes.remove(regex);
    }
}
