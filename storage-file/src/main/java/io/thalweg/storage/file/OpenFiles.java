package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the number of files that stay open without being used within a bound. Any thread.
 *
 * <p>Those opened longest ago are closed first, unless they were used since they were last looked at; a use costs no more than a mark on
 * the file, because uses are many and openings are few. Files in use stay open, however many they are. What the kernel could not write
 * of a file while nobody had it open, the next sync of it reports, from Linux 4.16 on.
 */
final class OpenFiles {

    /** How many files are looked at when one is opened; one has to go at most. */
    private static final int LOOKS = 8;

    private final int most;

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

    /** Gives another file, no longer noted, if they are too many. */
    private synchronized @Nullable SharedFile add(SharedFile file) {
        files.add(file);
        return files.size() > most ? files.remove() : null;
    }
}
