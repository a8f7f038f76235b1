package io.thalweg.simulation.world;

import io.thalweg.memory.disk.PowerLossDisk;
import io.thalweg.protocol.record.CorruptRecordException;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.protocol.record.UnsupportedMagicException;
import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What happens to batches that nobody uses: a bit changes, or there are zeros. Only to those below the recovery point: above it, the end of
 * a log cannot be told from one that was never written. Confined to one call.
 */
public final class LogDamage {

    private static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";

    /** That file may be damaged, too. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private static final int LENGTH_AT = 8;

    /** The leader epoch of a batch lies there, which no checksum covers. */
    private static final int EPOCH_AT = 12;

    private static final int EPOCH_END = 16;

    private final PowerLossDisk disk;
    private final Random random;

    /**
     * What may not be read any more: the batch, the one before it, and those after it in its segment. What is wrong may be the offset that
     * it begins at, and of two batches that seem to overlap nobody can tell which one is right.
     *
     * @param log as its directory is called
     * @param from the first offset of these
     * @param to the offset after their last
     * @param text what happened
     */
    public record Lost(String log, long from, long to, String text) {}

    /** Damage to this disk. */
    public LogDamage(PowerLossDisk disk, Random random) {
        this.disk = disk;
        this.random = random;
    }

    /** Whether an error of this text may be one that tells of it. */
    public static boolean isNamedIn(String text) {
        return text.contains("damage") || text.contains("StorageException$Corrupt") || text.contains("cannot be read");
    }

    private record Place(Path path, int position, int sizeInBytes, long from, long to, boolean isLast) {}

    /** Damages a batch of one of the logs that may be, if there is any. */
    public Optional<Lost> strike(Path root, Predicate<String> mayBe) {
        try {
            List<Place> places = new ArrayList<>();
            for (var point : recoveryPoints(root).entrySet()) {
                if (mayBe.test(point.getKey()) && disk.list(root).contains(root.resolve(point.getKey()))) {
                    places.addAll(places(root.resolve(point.getKey()), point.getValue()));
                }
            }
            return places.isEmpty() ? Optional.empty() : Optional.of(damage(places.get(random.nextInt(places.size()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Long> recoveryPoints(Path root) throws IOException {
        var points = new HashMap<String, Long>();
        var path = root.resolve(RECOVERY_POINTS);
        if (disk.list(root).contains(path)) {
            var lines =
                    StandardCharsets.UTF_8.decode(read(path)).toString().lines().skip(2);
            lines.map(line -> line.split(" ", -1))
                    .filter(words ->
                            words.length == 3 && NUMBER.matcher(words[2]).matches())
                    .forEach(words -> points.put(words[0] + "-" + words[1], Long.valueOf(words[2])));
        }
        return points;
    }

    private ByteBuffer read(Path path) throws IOException {
        try (var file = disk.open(path, false)) {
            var bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return bytes.flip();
        }
    }

    private List<Place> places(Path directory, long recoveryPoint) throws IOException {
        List<Place> places = new ArrayList<>();
        for (var path : disk.list(directory)) {
            if (path.toString().endsWith(".log")) {
                places.addAll(placesIn(path, recoveryPoint));
            }
        }
        return places;
    }

    private List<Place> placesIn(Path path, long recoveryPoint) throws IOException {
        var batches = batches(read(path));
        List<Place> places = new ArrayList<>();
        var position = 0;
        for (var i = 0; i < batches.size(); i++) {
            var batch = batches.get(i);
            if (batch.nextOffset() <= recoveryPoint) {
                var from = batches.get(Math.max(0, i - 1)).baseOffset();
                var to = batches.get(batches.size() - 1).nextOffset();
                places.add(new Place(path, position, batch.sizeInBytes(), from, to, i == batches.size() - 1));
            }
            position += batch.sizeInBytes();
        }
        return places;
    }

    /** Those up to where a write may have been torn. */
    private static List<RecordBatch> batches(ByteBuffer bytes) {
        List<RecordBatch> batches = new ArrayList<>();
        try {
            RecordBatches.in(bytes).forEach(batches::add);
        } catch (CorruptRecordException | UnsupportedMagicException e) {
            return batches;
        }
        return batches;
    }

    private Lost damage(Place place) throws IOException {
        try (var file = disk.open(place.path, false)) {
            var text = random.nextBoolean() ? flip(file, place) : clear(file, place);
            file.sync();
            var log =
                    Objects.requireNonNull(place.path.getParent()).getFileName().toString();
            return new Lost(log, place.from, place.to, place.path + text);
        }
    }

    /** Where the last batch begins nothing that follows could show to be wrong. */
    private String flip(Disk.File file, Place place) throws IOException {
        var at = place.isLast
                ? LENGTH_AT + random.nextInt(place.sizeInBytes - LENGTH_AT)
                : random.nextInt(place.sizeInBytes);
        if (at >= EPOCH_AT && at < EPOCH_END) {
            at = EPOCH_END;
        }
        var position = place.position + at;
        var bytes = ByteBuffer.allocate(1);
        file.read(bytes, position);
        bytes.put(0, (byte) (bytes.get(0) ^ (1 << random.nextInt(8)))).rewind();
        file.write(new ByteBuffer[] {bytes}, position);
        return " has another bit at " + position + ", " + (position - place.position) + " bytes into a batch";
    }

    /** The last bytes of a batch are zeros; those of a record are not, so that something changes. */
    private String clear(Disk.File file, Place place) throws IOException {
        var at = (place.isLast ? LENGTH_AT : 0) + random.nextInt(place.sizeInBytes / 2);
        file.write(new ByteBuffer[] {ByteBuffer.allocate(place.sizeInBytes - at)}, place.position + at);
        return " is zeros from " + (place.position + at) + " to the end of a batch, " + at + " bytes into it";
    }
}
