package io.thalweg.storage.file;

import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.tck.storage.StorageAbility;
import io.thalweg.tck.storage.StorageContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

final class FileStorageTest extends StorageContract {

    @Override
    protected StorageProvider provider(Path directory) {
        return FileStorage.at(directory);
    }

    @Override
    protected Set<StorageAbility> abilities() {
        return EnumSet.of(StorageAbility.SURVIVES_CRASH);
    }

    @Override
    protected StorageProvider crashed(StorageProvider provider, Path directory, Path copy) {
        try (var files = Files.walk(directory)) {
            for (var file : files.skip(1).toList()) {
                Files.copy(file, copy.resolve(directory.relativize(file)));
            }
            return FileStorage.at(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
