package io.thalweg.memory.storage;

import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.tck.storage.StorageContract;
import java.nio.file.Path;

final class MemoryStorageTest extends StorageContract {

    @Override
    protected StorageProvider provider(Path directory) {
        return new MemoryStorage();
    }
}
