package io.thalweg.samples.onefile;

import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.tck.storage.StorageAbility;
import io.thalweg.tck.storage.StorageContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

// README: tck
final class OneFileStorageTest extends StorageContract {

    @Override
    protected StorageProvider provider(Path directory) {
        return OneFileStorage.at(directory.resolve("journal"));
    }

    @Override
    protected Set<StorageAbility> abilities() {
        return EnumSet.of(StorageAbility.SURVIVES_CRASH);
    }

    @Override
    protected StorageProvider crashed(StorageProvider provider, Path directory, Path copy) {
        try {
            Files.copy(directory.resolve("journal"), copy.resolve("journal"));
            return provider(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
// end
