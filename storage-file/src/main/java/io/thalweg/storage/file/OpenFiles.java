package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the number of files that stay open without being used within a bound. Any thread.
 *
 * <p>Those opened longest ago are closed first, unless they were used since they were last looked at; a use costs no more than a mark on
 * the file, because uses are many and openings are few. Files in use stay open, however many they are. What the kernel could not write
 * of a file while nobody had it open, the next sync of it reports, from Linux 4.16 on.
 *
 * <p>Others need descriptors as well, connections above all: where the process has run out of them, fewer files stay open from then on.
 */
final class OpenFiles {

    private static final Logger logger = LoggerFactory.getLogger(OpenFiles.class);

    /** How many files are looked at when one is opened; one has to go at most. */
    private static final int LOOKS = 8;

    /** A process that may have fewer has no use for a broker. */
    private static final int LEAST = 8;

    @GuardedBy("this") private int most;

    /** Oldest first; some may be closed by now. */
    @GuardedBy("this") private final Queue<SharedFile> files = new ArrayDeque<>();

    OpenFiles(int most) {
        this.most = most;
    }

    /** Takes note of a file that was opened, and closes one that nobody uses if they are too many. No lock of a file is held. */
    void opened(SharedFile file) {
        var candidate = add(file);
        for (var looks = 1; candidate != null && !candidate.restIfUnused() && looks < LOOKS; looks++) {
            candidate = add(candidate);
        }
    }

    /** The process has no descriptor left: closes a quarter of the files that nobody uses. No lock of a file is held. */
    void ranOut() {
        var looks = beginShrinking();
        for (var file = surplus(); file != null && looks > 0; file = surplus(), looks--) {
            if (!file.restIfUnused()) {
                keep(file);
            }
        }
    }

    /** Gives how often it may be looked for a file to close: each is passed over once because it was used lately. */
    private synchronized int beginShrinking() {
        var fewer = Math.max(LEAST, files.size() - files.size() / 4 - 1);
        if (fewer < most) {
            most = fewer;
            logger.warn("the process may not open more files: storage keeps at most {} open; raise ulimit -n", most);
        }
        return 2 * files.size();
    }

    private synchronized @Nullable SharedFile surplus() {
        return files.size() > most ? files.remove() : null;
    }

    private synchronized void keep(SharedFile file) {
        files.add(file);
    }

    /** Gives another file, no longer noted, if they are too many. */
    private synchronized @Nullable SharedFile add(SharedFile file) {
        files.add(file);
        return files.size() > most ? files.remove() : null;
    }
}
