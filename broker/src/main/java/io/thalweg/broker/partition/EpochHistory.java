package io.thalweg.broker.partition;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which leader epoch begins at which offset (KIP-101, KIP-279). Immutable; epochs and start offsets ascend.
 *
 * @param starts the first offset of each epoch; the latest may have written nothing yet
 */
public record EpochHistory(List<Start> starts) {

    public static final EpochHistory EMPTY = new EpochHistory(List.of());

    /** An epoch and the first offset that is, or would be, written under it. */
    public record Start(int epoch, long offset) {}

    /**
     * Where an epoch ends.
     *
     * @param epoch the greatest epoch at or below the one asked for, -1 when unknown
     * @param endOffset the first offset that does not belong to it, -1 when unknown
     */
    public record End(int epoch, long endOffset) {

        public static final End UNKNOWN = new End(-1, -1);
    }

    public EpochHistory {
        starts = List.copyOf(starts);
    }

    public int latestEpoch() {
        return starts.isEmpty() ? -1 : starts.get(starts.size() - 1).epoch();
    }

    /** Where the latest epoch begins, 0 if there is none. */
    public long latestStart() {
        return starts.isEmpty() ? 0 : starts.get(starts.size() - 1).offset();
    }

    /** The history with an epoch that begins at {@code offset}; the same if the latest epoch is not below it. */
    public EpochHistory with(int epoch, long offset) {
        if (epoch <= latestEpoch()) {
            return this;
        }
        var next = new ArrayList<>(starts);
        next.removeIf(start -> start.offset() >= offset);
        next.add(new Start(epoch, offset));
        return new EpochHistory(next);
    }

    /** The history of a log that begins at {@code offset}: the epoch it falls in now begins there. */
    public EpochHistory from(long offset) {
        var next = new ArrayList<Start>();
        for (var start : starts) {
            if (start.offset() <= offset) {
                next.clear();
                next.add(new Start(start.epoch(), offset));
            } else {
                next.add(start);
            }
        }
        return new EpochHistory(next);
    }

    /** The history of a log that ends at {@code offset}. */
    public EpochHistory below(long offset) {
        return new EpochHistory(
                starts.stream().filter(start -> start.offset() < offset).toList());
    }

    /** The epoch that the record at an offset was written under, -1 when unknown. */
    public int epochAt(long offset) {
        var epoch = -1;
        for (var start : starts) {
            if (start.offset() > offset) {
                break;
            }
            epoch = start.epoch();
        }
        return epoch;
    }

    /**
     * The end of the greatest epoch at or below the one asked for.
     *
     * @param leaderEpoch the leader's present epoch, which may not have written anything yet
     * @param logEndOffset where the present epoch ends
     */
    public End endOf(int epoch, int leaderEpoch, long logEndOffset) {
        if (epoch == leaderEpoch) {
            return new End(epoch, logEndOffset);
        }
        if (epoch < 0 || epoch > leaderEpoch || starts.isEmpty()) {
            return End.UNKNOWN;
        }
        if (starts.get(0).epoch() > epoch) {
            return new End(epoch, starts.get(0).offset());
        }
        for (var i = starts.size() - 1; i >= 0; i--) {
            if (starts.get(i).epoch() <= epoch) {
                var end = i + 1 < starts.size() ? starts.get(i + 1).offset() : logEndOffset;
                return new End(starts.get(i).epoch(), end);
            }
        }
        return End.UNKNOWN;
    }

    /**
     * Where another log leaves this one; empty if it is the same up to its end.
     *
     * @param lastEpoch the epoch of the other log's last record
     * @param endOffset where the other log ends
     */
    public Optional<End> parting(int lastEpoch, long endOffset, int leaderEpoch, long logEndOffset) {
        var end = endOf(lastEpoch, leaderEpoch, logEndOffset);
        var agrees = end.epoch() == lastEpoch && end.endOffset() >= endOffset;
        return agrees || end.epoch() < 0 ? Optional.empty() : Optional.of(end);
    }
}
