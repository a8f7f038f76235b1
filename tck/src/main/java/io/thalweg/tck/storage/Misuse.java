package io.thalweg.tck.storage;

import io.thalweg.spi.storage.LogSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** What a user of an engine did that its contract forbids, and the slices that nobody has closed yet. Any thread. */
final class Misuse {

    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<Long, Throwable> openSlices = new ConcurrentHashMap<>();
    private final AtomicLong slices = new AtomicLong();

    void note(String what) {
        seen.add(what + calledFrom());
    }

    private static String calledFrom() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(
                                frame -> !frame.getClassName().startsWith(Misuse.class.getPackageName() + ".Checking")
                                        && !frame.getClassName().equals(Misuse.class.getName()))
                        .limit(5)
                        .map(frame -> "\n    at " + frame)
                        .reduce("", String::concat));
    }

    /** The same slice, which is missed until it is closed. */
    LogSlice given(LogSlice slice, String from) {
        var number = slices.incrementAndGet();
        openSlices.put(number, new Throwable("slice of " + from + " was given"));
        Runnable release = () -> {
            openSlices.remove(number);
            slice.close();
        };
        return slice.match(
                file -> LogSlice.of(file.channel(), file.position(), file.sizeInBytes(), release),
                buffers -> LogSlice.of(buffers.buffers(), release));
    }

    /** Those that are open are not missed any more. */
    void forgetSlices() {
        openSlices.clear();
    }

    List<String> seen() {
        return new ArrayList<>(seen);
    }

    /** Where the slices were given that are still open. */
    List<Throwable> leaks() {
        return new ArrayList<>(openSlices.values());
    }
}
