package io.thalweg.coordinator.group;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The groups of a coordinator by id. Owned by its event loop. */
final class Groups {

    private final TreeMap<String, Group> byId = new TreeMap<>();

    @Nullable Group find(String id) {
        return byId.get(id);
    }

    /** The group, if it is one of the classic protocol. */
    @Nullable ClassicGroup classic(String id) {
        return byId.get(id) instanceof ClassicGroup group ? group : null;
    }

    /** The group, if it is one of the consumer protocol. */
    @Nullable ConsumerGroup consumer(String id) {
        return byId.get(id) instanceof ConsumerGroup group ? group : null;
    }

    /** Makes sure that there is a group, a classic one if there is none yet. */
    Group findOrCreate(String id, long nowMillis) {
        return byId.computeIfAbsent(id, absent -> new ClassicGroup(absent, nowMillis));
    }

    void put(Group group) {
        byId.put(group.id(), group);
    }

    /** Forgets the group; whoever still holds it finds it dead. */
    void remove(String id, long nowMillis) {
        if (byId.remove(id) instanceof ClassicGroup group) {
            group.moveTo(GroupState.DEAD, nowMillis);
        }
    }

    /** All groups in the order of their ids; may be changed while it is gone through. */
    List<Group> all() {
        return new ArrayList<>(byId.values());
    }

    /** All groups of the classic protocol; may be changed while it is gone through. */
    List<ClassicGroup> allClassic() {
        return byId.values().stream()
                .filter(ClassicGroup.class::isInstance)
                .map(ClassicGroup.class::cast)
                .toList();
    }

    /** All groups of the consumer protocol; may be changed while it is gone through. */
    List<ConsumerGroup> allConsumer() {
        return byId.values().stream()
                .filter(ConsumerGroup.class::isInstance)
                .map(ConsumerGroup.class::cast)
                .toList();
    }
}
