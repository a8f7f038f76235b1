package io.thalweg.broker.partition;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which transactions of a partition are open, and how those that ended did. Owned by the shard.
 *
 * <p>Changes are tentative until {@link #keep}, as those of {@link ProducerStates}.
 */
final class Transactions {

    /** The first offset of the open transaction of a producer. */
    private final Map<Long, Long> starts = new LinkedHashMap<>();

    /** The producers of open transactions by their first offsets. */
    private final NavigableMap<Long, Long> open = new TreeMap<>();

    /** Where those ended that may not be committed themselves yet, by their first offsets. */
    private final NavigableMap<Long, Long> ended = new TreeMap<>();

    private AbortedTransactions aborted = AbortedTransactions.NONE;
    private final Deque<Runnable> undo = new ArrayDeque<>();

    /** A producer has written a batch of a transaction. */
    void wrote(long producerId, long offset) {
        if (starts.putIfAbsent(producerId, offset) == null) {
            open.put(offset, producerId);
            undo.push(() -> {
                starts.remove(producerId);
                open.remove(offset);
            });
        }
    }

    /** The transaction of a producer was ended by a marker. */
    void ended(long producerId, long marker, boolean isAborted) {
        var start = starts.remove(producerId);
        if (start == null) {
            return;
        }
        var before = aborted;
        open.remove(start);
        ended.put(start, marker);
        if (isAborted) {
            var stable = open.isEmpty() ? marker + 1 : open.firstKey();
            aborted = aborted.with(new AbortedTransaction(producerId, start, marker, stable));
        }
        undo.push(() -> {
            starts.put(producerId, start);
            open.put(start, producerId);
            ended.remove(start);
            aborted = before;
        });
    }

    void keep() {
        undo.clear();
    }

    void undo() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    /** Puts back what checkpoints held. */
    void restore(Map<Long, Long> openStarts, AbortedTransactions abortedBefore) {
        openStarts.forEach(this::wrote);
        aborted = abortedBefore;
    }

    boolean isOpen(long producerId) {
        return starts.containsKey(producerId);
    }

    /** The first offsets of open transactions by their producers. */
    Map<Long, Long> starts() {
        return starts;
    }

    AbortedTransactions aborted() {
        return aborted;
    }

    /** The log begins at an offset now. */
    void startAdvanced(long start) {
        aborted = aborted.from(start);
    }

    /** Up to where every transaction has ended, with its marker below a high watermark. */
    long lastStableOffset(long highWatermark) {
        if (!ended.isEmpty()) {
            ended.values().removeIf(marker -> marker < highWatermark);
        }
        var stable = ended.isEmpty() ? highWatermark : Math.min(highWatermark, ended.firstKey());
        return open.isEmpty() ? stable : Math.min(stable, open.firstKey());
    }
}
