package io.thalweg.client;

import io.thalweg.protocol.message.FetchResponse.AbortedTransaction;
import io.thalweg.protocol.record.EndTransactionMarker;
import io.thalweg.protocol.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells which of the batches that were fetched for a reader of what is committed belong to aborted transactions. The broker names those by
 * their first offset; where one ends, its marker tells. Confined to one call.
 */
final class AbortedTransactions {

    private final ArrayDeque<AbortedTransaction> ahead;
    private final Set<Long> producers = new HashSet<>();

    AbortedTransactions(List<AbortedTransaction> aborted) {
        this.ahead = new ArrayDeque<>(aborted.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList());
    }

    /** Asked of every whole batch once, in the order of their offsets. */
    boolean leavesOut(RecordBatch batch) {
        for (var next = ahead.peek(); next != null && next.firstOffset() <= batch.lastOffset(); next = ahead.peek()) {
            producers.add(ahead.remove().producerId());
        }
        if (producers.isEmpty() || !batch.isTransactional()) {
            return false;
        }
        if (batch.isControl()) {
            if (endsAborted(batch)) {
                producers.remove(batch.producerId());
            }
            return true;
        }
        return producers.contains(batch.producerId());
    }

    private static boolean endsAborted(RecordBatch batch) {
        return EndTransactionMarker.in(batch)
                .filter(marker -> !marker.isCommit())
                .isPresent();
    }
}
