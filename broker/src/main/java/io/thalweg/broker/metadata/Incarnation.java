package io.thalweg.broker.metadata;

import io.thalweg.spi.storage.DirectoryOwner;
import io.thalweg.spi.storage.StorageEngine;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * One life of a broker.
 *
 * @param id new at each start
 * @param directories the ids of its log directories, which tell that it is the broker it says it is; none if its storage has none
 */
public record Incarnation(UUID id, List<UUID> directories) {

    public Incarnation {
        directories = List.copyOf(directories);
    }

    /** The life that begins with this engine. */
    public static Incarnation begin(StorageEngine engine, RandomGenerator random) {
        return new Incarnation(
                new UUID(random.nextLong(), random.nextLong()),
                engine instanceof DirectoryOwner owner ? owner.directoryIds() : List.of());
    }
}
