package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A small text file of a log directory that is written as a whole, and only if what it is to hold has changed since. Any thread; those
 * who wait while it is written share the next write.
 */
final class ReplacedFile {

    private final LogDirectory directory;
    private final Path path;
    private final Supplier<String> text;

    /** How often the text has changed. */
    private final AtomicLong changes = new AtomicLong();

    /** How many changes are in the file; one that is missing holds the same as one without content. */
    @GuardedBy("this") private long writtenChanges;

    /** Whether the last write has failed, so that somebody was told that a change of theirs is not in the file. */
    @GuardedBy("this") private boolean hasFailed;

    ReplacedFile(LogDirectory directory, String name, Supplier<String> text) {
        this.directory = directory;
        this.path = directory.path().resolve(name);
        this.text = text;
    }

    Path path() {
        return path;
    }

    ByteBuffer read() throws IOException {
        return SmallFiles.read(directory.disk(), path);
    }

    /** The text is another one now. */
    void changed() {
        changes.incrementAndGet();
    }

    /** Makes durable what has changed. */
    synchronized void writeNow() throws IOException {
        var seen = changes.get();
        if (seen != writtenChanges) {
            hasFailed = true;
            directory.replace(path, ByteBuffer.wrap(text.get().getBytes(StandardCharsets.UTF_8)));
            writtenChanges = seen;
            hasFailed = false;
        }
    }

    /** Makes durable what the last write has not. */
    synchronized void writeIfFailed() throws IOException {
        if (hasFailed) {
            writeNow();
        }
    }
}
