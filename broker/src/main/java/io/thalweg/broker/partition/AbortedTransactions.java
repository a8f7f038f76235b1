package io.thalweg.broker.partition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The aborted transactions of a log, in the order in which they ended. Immutable; any thread. */
public final class AbortedTransactions {

    public static final AbortedTransactions NONE = new AbortedTransactions(new AbortedTransaction[0], 0);

    /** Longer ones share it, so that one more does not copy them all; only the owner of the log adds some. */
    private final AbortedTransaction[] shared;

    private final int count;

    private AbortedTransactions(AbortedTransaction[] shared, int count) {
        this.shared = shared;
        this.count = count;
    }

    static AbortedTransactions of(List<AbortedTransaction> all) {
        return all.isEmpty() ? NONE : new AbortedTransactions(all.toArray(AbortedTransaction[]::new), all.size());
    }

    /**
     * Those that concern a reader.
     *
     * @param transactions all that have something between where the reader is and {@code upTo}
     * @param upTo how far it may read with these
     */
    public record Found(List<AbortedTransaction> transactions, long upTo) {}

    /** With one more; of what was made of this by earlier calls only the last counts. */
    AbortedTransactions with(AbortedTransaction added) {
        var array = count < shared.length ? shared : Arrays.copyOf(shared, Math.max(4, 2 * count));
        array[count] = added;
        return new AbortedTransactions(array, count + 1);
    }

    /** Without those that ended below a start of the log. */
    AbortedTransactions from(long start) {
        var first = firstEndingFrom(start);
        return first == 0 ? this : of(list().subList(first, count));
    }

    List<AbortedTransaction> list() {
        return Arrays.asList(shared).subList(0, count);
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /**
     * What a reader of committed records has to know to read on from an offset.
     *
     * @param upTo the last stable offset, or what it is given instead
     * @param limit after so many it may have to stop and ask again
     */
    public Found between(long from, long upTo, int limit) {
        var found = new ArrayList<AbortedTransaction>();
        for (var i = firstEndingFrom(from); i < count; i++) {
            var each = shared[i];
            if (each.firstOffset() < upTo) {
                found.add(each);
            }
            if (each.lastStableOffset() >= upTo) {
                break;
            }
            if (found.size() >= limit && each.lastStableOffset() > from) {
                return new Found(below(found, each.lastStableOffset()), each.lastStableOffset());
            }
        }
        return new Found(found, upTo);
    }

    private static List<AbortedTransaction> below(List<AbortedTransaction> found, long upTo) {
        return found.stream().filter(each -> each.firstOffset() < upTo).toList();
    }

    private int firstEndingFrom(long offset) {
        var low = 0;
        var high = count;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (shared[middle].lastOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
