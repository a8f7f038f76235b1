package io.thalweg.memory.storage;

import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.tck.storage.StorageAbility;
import io.thalweg.tck.storage.StorageContract;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

final class MemoryStorageTest extends StorageContract {

    @Override
    protected StorageProvider provider(Path directory) {
        return new MemoryStorage();
    }

    @Override
    protected Set<StorageAbility> abilities() {
        return EnumSet.of(StorageAbility.SEGMENTS);
    }
}
