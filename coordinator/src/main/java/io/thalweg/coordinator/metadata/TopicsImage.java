package io.thalweg.coordinator.metadata;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All topics, found by name, by id, or by the name that metrics give them.
 *
 * @param byName every topic
 * @param names the name by id
 * @param metricNames the name by {@link #metricName}; names that differ only in it must not exist together
 */
record TopicsImage(
        PersistentMap<String, TopicImage> byName,
        PersistentMap<UUID, String> names,
        PersistentMap<String, String> metricNames) {

    static final TopicsImage EMPTY =
            new TopicsImage(PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());

    /** Metrics cannot tell {@code '.'} from {@code '_'}. */
    static String metricName(String name) {
        return name.replace('.', '_');
    }

    @Nullable TopicImage find(UUID id) {
        var name = names.get(id);
        return name == null ? null : byName.get(name);
    }

    TopicsImage with(TopicImage topic) {
        var isKnown = names.get(topic.id()) != null;
        return new TopicsImage(
                byName.with(topic.name(), topic),
                isKnown ? names : names.with(topic.id(), topic.name()),
                isKnown ? metricNames : metricNames.with(metricName(topic.name()), topic.name()));
    }

    TopicsImage without(TopicImage topic) {
        return new TopicsImage(
                byName.without(topic.name()), names.without(topic.id()), metricNames.without(metricName(topic.name())));
    }
}
