package io.thalweg.coordinator.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member knows, and its way to the listener: everything is told on one thread, in the order in which it came here. Any thread.
 */
final class ListenerFeed {

    private static final Logger log = LoggerFactory.getLogger(ListenerFeed.class);

    private final Executor executor;

    @GuardedBy("this") private final History history = new History();

    @GuardedBy("this") private final LeadershipTracker leadership;

    /** What comes after that which a listener, who is not there yet, has to hear first. */
    @GuardedBy("this") private final List<Runnable> waiting = new ArrayList<>();

    /** Called when there is something new. */
    @GuardedBy("this") private final List<Runnable> watches = new ArrayList<>();

    @GuardedBy("this") private @Nullable MetadataListener listener;

    /** What this member is known by, and whoever follows it. */
    record View(long endOffset, Leadership leadership, Optional<Snapshot> snapshot, List<LogEntry> entries) {

        View {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A feed of an empty log.
     *
     * @param executor runs tasks one after the other, in order, and never within the call
     */
    ListenerFeed(int nodeId, Executor executor) {
        this.executor = executor;
        this.leadership = new LeadershipTracker(nodeId);
    }

    synchronized void subscribe(MetadataListener newListener) {
        if (listener != null) {
            throw new IllegalStateException("the metadata log has a listener already");
        }
        listener = newListener;
        history.snapshotFor(0).ifPresent(this::tell);
        history.entriesFrom(0, Long.MAX_VALUE).forEach(this::tell);
        var current = leadership.told();
        if (current.epoch() >= 0) {
            run(() -> newListener.leadership(current));
        }
        waiting.forEach(this::run);
        waiting.clear();
    }

    synchronized void committed(LogEntry entry) {
        history.append(entry);
        leadership.applied(entry.term());
        tell(entry);
        changed();
    }

    /** An entry that is the quorum's own; there is nothing to tell but, maybe, who leads. */
    synchronized void passed(long term, long offset) {
        history.advanceTo(offset + 1);
        leadership.applied(term);
        tellLeadership();
        changed();
    }

    /** A snapshot of another member, or the one that was found at the start. */
    synchronized void restart(Snapshot snapshot) {
        history.restart(snapshot);
        leadership.applied(snapshot.term());
        tell(snapshot);
        tellLeadership();
        changed();
    }

    synchronized void keep(Snapshot snapshot) {
        history.keep(snapshot);
    }

    /** Keeps nothing that the listener has been told; for a member that nobody asks. */
    synchronized void forgetWhatIsTold() {
        if (listener != null) {
            history.clear();
        }
    }

    /** Changes what is known of leadership and tells what follows. */
    synchronized void leadership(Consumer<LeadershipTracker> change) {
        change.accept(leadership);
        tellLeadership();
        changed();
    }

    @GuardedBy("this") private void tellLeadership() {
        var before = leadership.told();
        var now = leadership.next();
        var hearing = listener;
        if (!now.equals(before)) {
            log.debug("the metadata log is led by {} in epoch {}", now.leaderId(), now.epoch());
            if (hearing != null) {
                run(() -> hearing.leadership(now));
            }
        }
    }

    @GuardedBy("this") private void tell(LogEntry entry) {
        var hearing = listener;
        if (hearing != null) {
            run(() -> hearing.committed(entry.offset(), entry.records()));
        }
    }

    @GuardedBy("this") private void tell(Snapshot snapshot) {
        var hearing = listener;
        if (hearing != null) {
            run(() -> hearing.snapshot(snapshot.endOffset(), snapshot.records()));
        }
    }

    @GuardedBy("this") private void changed() {
        watches.forEach(this::run);
        watches.clear();
    }

    /** Runs a task once the listener has heard everything that is known now. */
    synchronized void afterWhatIsKnown(Runnable task) {
        if (listener == null) {
            waiting.add(task);
        } else {
            run(task);
        }
    }

    /** Runs a task at the next change, or at once if more than this is known already. */
    synchronized void whenBeyond(long endOffset, Runnable task) {
        if (history.endOffset() > endOffset) {
            run(task);
        } else {
            watches.add(task);
        }
    }

    synchronized void forget(Runnable watch) {
        watches.remove(watch);
    }

    synchronized Leadership leadership() {
        return leadership.told();
    }

    synchronized long endOffset() {
        return history.endOffset();
    }

    synchronized Optional<LogEntry> lastBelow(long offset) {
        return history.lastBelow(offset);
    }

    /** What one who has heard everything below an offset has to hear. */
    synchronized View viewFrom(long offset, long maxBytes) {
        var snapshot = history.snapshotFor(offset);
        var from = snapshot.map(Snapshot::endOffset).orElse(offset);
        var entries = history.entriesFrom(from, maxBytes);
        return new View(history.endOffsetAfter(entries), leadership.told(), snapshot, entries);
    }

    void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("the metadata log is closed and tells nothing more", e);
        }
    }
}
