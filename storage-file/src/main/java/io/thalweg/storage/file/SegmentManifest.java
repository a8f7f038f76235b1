package io.thalweg.storage.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which segments the logs of a log directory have, so that one that is gone is missed. A small text file, always replaced as a whole. Any
 * thread.
 *
 * <p>The first line is the version 0, the second the CRC-32C of everything after it in hexadecimal digits; then a line for each log: {@code
 * topic partition}, for each closed segment its base offset and its bytes, -1 if they are about to change, and in the end where the
 * last of these segments ends.
 *
 * <p>What it says is true whenever the power goes: a segment is put into it once it is durable, and taken out of it, durably, before it is
 * changed. Segments that the start of the log has passed go without that.
 */
final class SegmentManifest {

    static final String FILE_NAME = "segment-manifest";

    private static final Logger log = LoggerFactory.getLogger(SegmentManifest.class);
    private static final String VERSION = "0";
    private static final int HEADER_LINES = 2;

    private final ReplacedFile file;

    /** By partition directory name, {@code orders-3}. */
    private final ConcurrentNavigableMap<String, SegmentChain> chains = new ConcurrentSkipListMap<>();

    SegmentManifest(LogDirectory directory) {
        this.file = new ReplacedFile(directory, FILE_NAME, this::encode);
    }

    /** Reads the file; from one that is missing or damaged nothing is known. */
    void load() throws IOException {
        try {
            decode(StandardCharsets.UTF_8.decode(file.read()).toString());
        } catch (NoSuchFileException e) {
            log.debug("{} is not there yet", file.path());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            log.warn("{} is damaged and taken as empty: {}", file.path(), e.getMessage());
            chains.clear();
            file.changed();
        }
    }

    private void decode(String text) {
        var lines = text.split("\n", HEADER_LINES + 1);
        var crc = crc(lines[HEADER_LINES]);
        if (!lines[0].equals(VERSION) || !lines[1].equals(crc)) {
            throw new IllegalArgumentException(
                    "expected version " + VERSION + " and the CRC " + crc + ", found " + lines[0] + " and " + lines[1]);
        }
        lines[HEADER_LINES].lines().forEach(line -> {
            var words = line.split(" ", -1);
            chains.put(words[0] + "-" + words[1], SegmentChain.decode(words, 2));
        });
    }

    private String encode() {
        var lines = new StringBuilder();
        chains.forEach((name, chain) -> {
            var dash = name.lastIndexOf('-');
            lines.append(name, 0, dash).append(' ').append(name, dash + 1, name.length());
            chain.encode(lines.append(' '));
            lines.append('\n');
        });
        return VERSION + "\n" + crc(lines.toString()) + "\n" + lines;
    }

    private static String crc(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    /** What a log has; empty if that is not known, as of a log that another program has written. */
    Optional<SegmentChain> chain(String name) {
        return Optional.ofNullable(chains.get(name));
    }

    /** Notes what a log has; whether that is something new. */
    boolean put(String name, SegmentChain chain) {
        var isNew = !chain.equals(chains.put(name, chain));
        if (isNew) {
            file.changed();
        }
        return isNew;
    }

    /** Says less of a log, or with null nothing, if anything was said; whether that is something new. */
    boolean reduce(String name, UnaryOperator<@Nullable SegmentChain> change) {
        var before = chains.get(name);
        var isNew = !Objects.equals(before, chains.computeIfPresent(name, (ignored, chain) -> change.apply(chain)));
        if (isNew) {
            file.changed();
        }
        return isNew;
    }

    /** From now on the file says nothing, whatever it said. */
    void forgetAll() throws IOException {
        chains.clear();
        file.changed();
        file.writeNow();
    }

    /** Forgets logs whose directories are gone; whether there were any. */
    boolean keepOnly(Set<String> names) {
        var isAny = chains.keySet().removeIf(name -> !names.contains(name));
        if (isAny) {
            file.changed();
        }
        return isAny;
    }

    void writeNow() throws IOException {
        file.writeNow();
    }
}
