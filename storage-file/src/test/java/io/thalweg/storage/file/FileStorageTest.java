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

/** The promises of the SPI, on a disk that does not make the tests wait; what a real one syncs is a test of {@link LocalDiskTest}. */
final class FileStorageTest extends StorageContract {

    private final TestDisk disk = new TestDisk();

    @Override
    protected StorageProvider provider(Path directory) {
        return FileStorage.at(directory.resolve("first"), directory.resolve("second"))
                .on(disk);
    }

    @Override
    protected Set<StorageAbility> abilities() {
        return EnumSet.allOf(StorageAbility.class);
    }

    @Override
    protected StorageProvider crashed(StorageProvider provider, Path directory, Path copy) {
        try (var files = Files.walk(directory)) {
            for (var file : files.skip(1).toList()) {
                Files.copy(file, copy.resolve(directory.relativize(file)));
            }
            return provider(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
