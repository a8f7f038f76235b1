package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What both requests that alter configs do: each resource is changed, or refused, by itself. */
final class AlteredResources {

    private AlteredResources() {}

    /**
     * Decides the resources of a request one after the other.
     *
     * @param change what a resource asks for; throws to refuse it
     * @param answer is told of each resource, and why it is refused if it is
     */
    static <R> List<Message> decide(
            List<R> resources,
            Function<R, ResourceKey> keyOf,
            Function<R, List<Message>> change,
            BiConsumer<R, @Nullable RefusedException> answer) {
        var duplicates = Duplicates.in(resources.stream().map(keyOf).toList());
        var records = new ArrayList<Message>();
        for (var resource : resources) {
            try {
                if (duplicates.contains(keyOf.apply(resource))) {
                    throw new RefusedException(
                            ErrorCode.INVALID_REQUEST, "the resource is in the request more than once");
                }
                records.addAll(change.apply(resource));
                answer.accept(resource, null);
            } catch (RefusedException e) {
                answer.accept(resource, e);
            }
        }
        return records;
    }

    /** The changes, and those of partitions that follow from other configs. */
    static List<Message> withElections(MetadataImage image, List<Message> changes, Elections elections) {
        if (changes.isEmpty()) {
            return changes;
        }
        var records = new ArrayList<>(changes);
        records.addAll(elections.afterConfigs(MetadataRecords.replay(image, changes)));
        return records;
    }

    /** Refuses a resource that names a config twice. */
    static void checkNamedOnce(List<String> configs) {
        var duplicates = Duplicates.in(configs);
        if (!duplicates.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST, "configs " + duplicates + " are in the request more than once");
        }
    }

    static short codeOf(@Nullable RefusedException refusal) {
        return refusal == null ? ErrorCode.NONE.code() : refusal.error().code();
    }

    static @Nullable String textOf(@Nullable RefusedException refusal) {
        return refusal == null ? null : refusal.text();
    }
}
