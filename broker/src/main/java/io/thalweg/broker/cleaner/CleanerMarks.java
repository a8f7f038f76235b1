package io.thalweg.broker.cleaner;

import io.thalweg.broker.partition.Partition;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the cleaner knows of logs: how far the cleaning of each has come, which one is being cleaned, and which cannot be. Any thread.
 *
 * <p>What is known of a partition holds as long as it is led under the same epoch.
 */
final class CleanerMarks {

    private final Map<Partition, Mark> marks = new LinkedHashMap<>();

    private static final class Mark {
        private final int leaderEpoch;
        private CleanerProgress progress;
        private boolean isTaken;
        private boolean isUncleanable;

        Mark(int leaderEpoch, CleanerProgress progress) {
            this.leaderEpoch = leaderEpoch;
            this.progress = progress;
        }
    }

    /** How far the cleaning of the log has come; empty if that is not known yet. */
    synchronized Optional<CleanerProgress> progress(CleanTarget target) {
        var mark = marks.get(target.partition());
        return mark != null && mark.leaderEpoch == target.leaderEpoch() ? Optional.of(mark.progress) : Optional.empty();
    }

    synchronized void note(CleanTarget target, CleanerProgress progress) {
        var mark = marks.get(target.partition());
        if (mark != null && mark.leaderEpoch == target.leaderEpoch()) {
            mark.progress = progress;
        } else if (mark == null || !mark.isTaken) {
            marks.put(target.partition(), new Mark(target.leaderEpoch(), progress));
        }
    }

    synchronized boolean isFree(CleanTarget target) {
        var mark = marks.get(target.partition());
        return mark == null || !(mark.isTaken || mark.isUncleanable);
    }

    /** True for the one who is to clean the log. */
    synchronized boolean take(CleanTarget target) {
        var mark = marks.get(target.partition());
        if (mark == null || mark.leaderEpoch != target.leaderEpoch() || !isFree(target)) {
            return false;
        }
        mark.isTaken = true;
        return true;
    }

    synchronized void giveBack(CleanTarget target) {
        var mark = marks.get(target.partition());
        if (mark != null) {
            mark.isTaken = false;
        }
    }

    /** The log is not to be tried again. */
    synchronized void uncleanable(CleanTarget target) {
        var mark = marks.get(target.partition());
        if (mark != null) {
            mark.isUncleanable = true;
        }
    }

    /** Forgets partitions that are no longer compacted here, and what was known of them under an earlier epoch. */
    synchronized void keepOnly(Collection<CleanTarget> targets) {
        var epochs = targets.stream().collect(Collectors.toMap(CleanTarget::partition, CleanTarget::leaderEpoch));
        for (var partition : List.copyOf(marks.keySet())) {
            var mark = marks.get(partition);
            var epoch = epochs.get(partition);
            if (mark != null && !mark.isTaken && (epoch == null || epoch != mark.leaderEpoch)) {
                marks.remove(partition);
            }
        }
    }

    synchronized long uncleanableCount() {
        return marks.values().stream().filter(mark -> mark.isUncleanable).count();
    }
}
