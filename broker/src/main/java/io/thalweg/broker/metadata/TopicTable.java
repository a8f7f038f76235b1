package io.thalweg.broker.metadata;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The topics of the cluster by name and by id. One thread changes it as images are published; any thread looks up. */
public final class TopicTable {

    private final Map<String, HostedTopic> byName = new ConcurrentHashMap<>();
    private final Map<UUID, HostedTopic> byId = new ConcurrentHashMap<>();

    public @Nullable HostedTopic find(String name) {
        return byName.get(name);
    }

    /** All of them, in no order. */
    public Collection<HostedTopic> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    public @Nullable HostedTopic find(UUID id) {
        return byId.get(id);
    }

    void put(HostedTopic topic) {
        byId.put(topic.id(), topic);
        byName.put(topic.name(), topic);
    }

    void remove(HostedTopic topic) {
        byName.remove(topic.name(), topic);
        byId.remove(topic.id());
    }
}
