package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a log. Any thread; what is likely to be in memory and known to be right is answered at once, anything else by the reader
 * threads.
 */
final class LogReader {

    private static final Logger logger = LoggerFactory.getLogger(LogReader.class);

    private final FileLog log;
    private final LogRuntime runtime;

    /** The damage that was told of last. */
    private volatile @Nullable String reported;

    LogReader(FileLog log, LogRuntime runtime) {
        this.log = log;
        this.runtime = runtime;
    }

    /** What is asked for; see {@link io.thalweg.spi.storage.PartitionLog#read}. */
    private record Request(long from, long upTo, int maxBytes) {}

    CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        var request = new Request(from, upTo, maxBytes);
        try {
            var slice = read(request, false);
            if (slice != null) {
                return CompletableFuture.completedStage(slice);
            }
        } catch (IOException e) {
            return CompletableFuture.failedStage(runtime.failures().of("read of " + log.id(), e));
        } catch (StorageException e) {
            return CompletableFuture.failedStage(e);
        }
        var later = new CompletableFuture<LogSlice>();
        runtime.readers().execute(() -> readCold(request, later));
        return later;
    }

    private void readCold(Request request, CompletableFuture<LogSlice> later) {
        try {
            var slice = read(request, true);
            later.complete(slice == null ? LogSlice.empty() : slice);
        } catch (IOException e) {
            later.completeExceptionally(runtime.failures().of("read of " + log.id(), e));
        } catch (StorageException.Corrupt e) {
            report(e);
            later.completeExceptionally(e);
        } catch (RuntimeException e) {
            later.completeExceptionally(e);
        }
    }

    /** Damage is told once, however often a client comes back to it. */
    private void report(StorageException.Corrupt damage) {
        var message = damage.getMessage();
        if (!Objects.equals(message, reported)) {
            reported = message;
            logger.error(
                    "{} cannot be read from there on: {}; seek past it, or restore the replica", log.id(), message);
        }
    }

    /** The slice, or null if it takes the disk and that is not allowed. */
    private @Nullable LogSlice read(Request request, boolean mayWait) throws IOException {
        while (true) {
            var view = log.view();
            checkBounds(view, request.from());
            try {
                return read(view, request, mayWait);
            } catch (SegmentGoneException e) {
                if (log.view() == view) {
                    throw new StorageException.Offline("log " + log.id() + " was closed during a read", e);
                }
            } catch (IOException e) {
                // A file that is cut or removed under the read belongs to an old view.
                if (log.view() == view) {
                    throw e;
                }
            }
        }
    }

    private void checkBounds(LogView view, long from) {
        if (from < view.start() || from > view.end()) {
            throw new StorageException.OutOfRange("read of " + log.id() + " at offset " + from + " refused: it holds "
                    + view.start() + " up to " + view.end());
        }
    }

    private @Nullable LogSlice read(LogView view, Request request, boolean mayWait) throws IOException {
        if (request.from() == view.end()) {
            return LogSlice.empty();
        }
        for (var i = view.indexOf(request.from()); i < view.count(); i++) {
            var segment = view.segment(i);
            if (segment.baseOffset() >= request.upTo()) {
                break;
            }
            if (segment.sizeInBytes() > 0) {
                var slice = read(segment, request, mayWait);
                if (slice == null || slice.sizeInBytes() > 0) {
                    return slice;
                }
            }
        }
        return LogSlice.empty();
    }

    /** Keeps the lease of the file in the slice it gives. */
    private @Nullable LogSlice read(Segment segment, Request request, boolean mayWait) throws IOException {
        if (!mayWait && !isWarm(segment, request)) {
            return null;
        }
        var file = lease(segment);
        LogSlice slice = null;
        try {
            slice = read(segment, file, request, mayWait);
            return slice;
        } finally {
            if (slice == null || slice.sizeInBytes() == 0) {
                segment.file().release();
            }
        }
    }

    private static Disk.File lease(Segment segment) throws IOException {
        var file = segment.file().lease();
        if (file == null) {
            throw new SegmentGoneException(segment);
        }
        return file;
    }

    private @Nullable LogSlice read(Segment segment, Disk.File file, Request request, boolean mayWait)
            throws IOException {
        if (mayWait) {
            log.look(segment, file);
            if (segment.isClosed()) {
                runtime.indexes().hold(segment.offsetIndex().file());
            }
        }
        var reader = new SegmentReader(segment, file);
        var range = reader.locate(request.from(), request.upTo(), request.maxBytes());
        if (reader.isMisled()) {
            if (!mayWait) {
                return null;
            }
            log.misled(segment);
        }
        if (range.isEmpty()) {
            return LogSlice.empty();
        }
        if (mayWait) {
            range = warm(segment, reader, range, reader.walkedFrom());
        } else if (!segment.checked().covers(range.from(), range.to())) {
            return null;
        }
        return file.slice(range.from(), range.sizeInBytes(), segment.file()::release);
    }

    private static boolean isWarm(Segment segment, Request request) throws IOException {
        if (!segment.hasSoundIndexes() || !segment.offsetIndex().file().isInMemory()) {
            return false;
        }
        var position = segment.offsetIndex().positionBefore(request.from());
        var size = Math.min(segment.sizeInBytes() - position, Math.max(0, request.maxBytes()));
        return segment.warmth().isWarm(position, size);
    }

    /**
     * Reads the range, and on to the end of its last chunk, into the machine's memory, and checks it; gives the part of it that is sound,
     * up to the first damaged batch, which only a read that begins there is told of.
     */
    private SegmentReader.Range warm(Segment segment, SegmentReader reader, SegmentReader.Range range, int lookedFrom)
            throws IOException {
        var past = (int) Math.min(segment.sizeInBytes(), (range.to() / Warmth.CHUNK_BYTES + 1L) * Warmth.CHUNK_BYTES);
        var buffer = runtime.scratch().lease();
        try {
            var end = reader.check(range, past, buffer);
            segment.checked().add(range.from(), end);
            segment.warmth().touch(lookedFrom, end - lookedFrom);
            return new SegmentReader.Range(range.from(), Math.min(range.to(), end));
        } finally {
            runtime.scratch().release(buffer);
        }
    }

    CompletionStage<OptionalLong> find(long timestamp) {
        var later = new CompletableFuture<OptionalLong>();
        runtime.readers().execute(() -> {
            try {
                later.complete(findNow(timestamp));
            } catch (IOException e) {
                later.completeExceptionally(runtime.failures().of("search in " + log.id(), e));
            } catch (RuntimeException e) {
                later.completeExceptionally(e);
            }
        });
        return later;
    }

    private OptionalLong findNow(long timestamp) throws IOException {
        while (true) {
            var view = log.view();
            try {
                return findIn(view, timestamp);
            } catch (IOException e) {
                if (log.view() == view) {
                    throw e;
                }
            }
        }
    }

    private OptionalLong findIn(LogView view, long timestamp) throws IOException {
        for (var segment : view.segments()) {
            if (segment.tail().maxTimestamp() >= timestamp && segment.sizeInBytes() > 0) {
                var file = lease(segment);
                try {
                    log.look(segment, file);
                    var reader = new SegmentReader(segment, file);
                    var found = reader.find(timestamp, view.start());
                    if (reader.isMisled()) {
                        log.misled(segment);
                    }
                    if (found.isPresent()) {
                        return found;
                    }
                } finally {
                    segment.file().release();
                }
            }
        }
        return OptionalLong.empty();
    }

    /** The segment was removed from the log, or the log closed, since the view was taken. */
    private static final class SegmentGoneException extends IOException {
        private static final long serialVersionUID = 1L;

        SegmentGoneException(Segment segment) {
            super("segment " + segment.file().path() + " is closed");
        }
    }
}
