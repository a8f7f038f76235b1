package io.thalweg.storage.file;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.tck.storage.Damage;
import io.thalweg.tck.storage.StorageAbility;
import io.thalweg.tck.storage.StorageContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
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

    /** A piece of a log is one of its segments. */
    @Override
    protected void damage(Path directory, LogId id, Damage damage, long offset) {
        try (var files = Files.walk(directory)) {
            var segment = files.filter(path -> path.endsWith(id + "/" + path.getFileName()))
                    .filter(path -> LogFiles.offsetIn(path, LogFiles.LOG).orElse(Long.MAX_VALUE) <= offset)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            if (damage == Damage.LOST_PIECE) {
                Files.delete(segment);
            } else {
                damageBytes(segment, damage, offset);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void damageBytes(Path segment, Damage damage, long offset) throws IOException {
        var bytes = Files.readAllBytes(segment);
        var position = 0;
        var batch = RecordBatch.at(ByteBuffer.wrap(bytes), position);
        while (batch.lastOffset() < offset) {
            position += batch.sizeInBytes();
            batch = RecordBatch.at(ByteBuffer.wrap(bytes), position);
        }
        if (damage == Damage.ZEROED) {
            Arrays.fill(bytes, position, position + batch.sizeInBytes(), (byte) 0);
        } else {
            bytes[position + RecordBatch.HEADER_BYTES] ^= 4;
        }
        Files.write(segment, bytes);
    }
}
