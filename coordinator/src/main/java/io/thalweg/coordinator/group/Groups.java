package io.thalweg.coordinator.group;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The groups of a coordinator by id. Owned by its event loop. */
final class Groups {

    private final TreeMap<String, ClassicGroup> byId = new TreeMap<>();

    @Nullable ClassicGroup find(String id) {
        return byId.get(id);
    }

    ClassicGroup findOrCreate(String id, long nowMillis) {
        return byId.computeIfAbsent(id, absent -> new ClassicGroup(absent, nowMillis));
    }

    void put(ClassicGroup group) {
        byId.put(group.id(), group);
    }

    /** Forgets the group; whoever still holds it finds it dead. */
    void remove(String id, long nowMillis) {
        var group = byId.remove(id);
        if (group != null) {
            group.moveTo(GroupState.DEAD, nowMillis);
        }
    }

    /** All groups in the order of their ids; may be changed while it is gone through. */
    List<ClassicGroup> all() {
        return new ArrayList<>(byId.values());
    }
}
