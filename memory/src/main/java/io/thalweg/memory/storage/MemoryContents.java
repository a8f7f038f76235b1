package io.thalweg.memory.storage;

import io.thalweg.spi.storage.LogId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** All partitions of one {@link MemoryStorage} and the bytes they hold together. Any thread. */
final class MemoryContents {

    private final ConcurrentSkipListMap<LogId, MemoryPartition> partitions = new ConcurrentSkipListMap<>(
            Comparator.comparing(LogId::topic).thenComparing(LogId::topicId).thenComparingInt(LogId::partition));

    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicReference<@Nullable String> clusterId = new AtomicReference<>();

    MemoryPartition partition(LogId id) {
        return partitions.computeIfAbsent(id, key -> new MemoryPartition(usedBytes));
    }

    List<LogId> created() {
        return partitions.entrySet().stream()
                .filter(entry -> entry.getValue().isCreated())
                .map(java.util.Map.Entry::getKey)
                .toList();
    }

    /** A copy of what is durable. */
    MemoryContents survived() {
        var copy = new MemoryContents();
        copy.clusterId.set(clusterId.get());
        partitions.forEach((id, partition) -> copy.partitions.put(id, partition.survived(copy.usedBytes)));
        return copy;
    }

    /** Of which cluster they are, if that was noted. */
    Optional<String> clusterId() {
        return Optional.ofNullable(clusterId.get());
    }

    void noteCluster(String id) {
        clusterId.compareAndSet(null, id);
    }

    void remove(LogId id) {
        var partition = partitions.remove(id);
        if (partition != null) {
            partition.clear();
        }
    }

    long usedBytes() {
        return usedBytes.get();
    }
}
