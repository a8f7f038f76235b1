package io.thalweg.simulation.world;

import io.thalweg.memory.disk.PowerLossDisk;
import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What happens to files that nobody uses: a bit changes, the end is missing or zeros, the file is gone. Confined to one call. */
public final class DiskDamage {

    /**
     * Kafka's format, without a checksum: a digit that becomes a greater one looks like a log that lost its end, which is no rumour to
     * ignore.
     */
    private static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";

    /** One that is wrong may send a search for a time astray: not everything shows. */
    private static final String TIME_INDEX = ".timeindex";

    /** Files that can be made again from the logs. */
    private static final List<String> DERIVED =
            List.of(".index", TIME_INDEX, ".snapshot", RECOVERY_POINTS, "index-point-offset-checkpoint");

    private final PowerLossDisk disk;
    private final Random random;

    /** Damage to this disk. */
    public DiskDamage(PowerLossDisk disk, Random random) {
        this.disk = disk;
        this.random = random;
    }

    /** Whether that text tells of a time that may not be found any more. */
    public static boolean isOfTimes(String text) {
        return text.contains(TIME_INDEX);
    }

    /** Damages one of the files that can be made again; tells what it did. */
    public String strike(Path root) {
        try {
            var derived = new ArrayList<Path>();
            for (var directory : disk.list(root)) {
                derived.add(directory);
                derived.addAll(disk.list(directory));
            }
            derived.removeIf(path -> DERIVED.stream().noneMatch(path.toString()::endsWith));
            return derived.isEmpty() ? "nothing to damage" : damage(derived.get(random.nextInt(derived.size())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String damage(Path path) throws IOException {
        if (random.nextInt(4) == 0) {
            disk.delete(path);
            return path + " is gone";
        }
        try (var file = disk.open(path, false)) {
            var size = (int) file.size();
            if (size == 0) {
                return path + " is empty";
            }
            var position = random.nextInt(size);
            var canFlip = !path.endsWith(RECOVERY_POINTS);
            return path + (canFlip && random.nextBoolean() ? flip(file, position) : end(file, position, size));
        }
    }

    private String flip(Disk.File file, int position) throws IOException {
        var bytes = ByteBuffer.allocate(1);
        file.read(bytes, position);
        var changed = (byte) (bytes.get(0) ^ (1 << random.nextInt(8)));
        write(file, position, ByteBuffer.wrap(new byte[] {changed}));
        return " has another bit at " + position;
    }

    private String end(Disk.File file, int position, int size) throws IOException {
        if (random.nextBoolean()) {
            file.truncate(position);
            file.sync();
            return " ends at " + position;
        }
        write(file, position, ByteBuffer.allocate(size - position));
        return " is zeros from " + position + " on";
    }

    private static void write(Disk.File file, int position, ByteBuffer bytes) throws IOException {
        file.write(new ByteBuffer[] {bytes}, position);
        file.sync();
    }
}
