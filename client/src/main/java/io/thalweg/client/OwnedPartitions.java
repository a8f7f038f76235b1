package io.thalweg.client;

import io.thalweg.api.RebalanceListener;
import io.thalweg.api.TopicPartition;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a polled consumer owns and how far it has come, and what the polling thread has not heard of yet. The loop and the polling thread
 * meet here, under one lock, which nobody holds while calling back.
 */
final class OwnedPartitions {

    private final ReentrantLock lock = new ReentrantLock();

    // The rest is guarded by the lock.
    private final Set<TopicPartition> owned = new HashSet<>();
    /** Of what is owned, and what is given up but may still be committed: which of the times that it is owned this is. */
    private final Map<TopicPartition, Integer> tenures = new HashMap<>();

    private final Map<TopicPartition, Long> given = new HashMap<>();
    private final Map<TopicPartition, Long> done = new HashMap<>();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private final ArrayDeque<Event> events = new ArrayDeque<>();

    /** Something that the polling thread has to hear. */
    interface Event {
        void happen(RebalanceListener listener);
    }

    void happened(Event event) {
        locked(() -> events.add(event));
    }

    @Nullable Event nextEvent() {
        lock.lock();
        try {
            return events.poll();
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    void add(Collection<TopicPartition> more, int tenure) {
        locked(() -> {
            more.forEach(each -> {
                clear(each);
                tenures.put(each, tenure);
            });
            owned.addAll(more);
        });
    }

    /** No more of these is given; what was given may still be done. */
    void revoke(Collection<TopicPartition> gone) {
        locked(() -> owned.removeAll(gone));
    }

    /** What is known of these is of no more use. */
    void forget(Collection<TopicPartition> gone) {
        locked(() -> gone.stream().filter(each -> !owned.contains(each)).forEach(this::clear));
    }

    private void clear(TopicPartition partition) {
        tenures.remove(partition);
        given.remove(partition);
        done.remove(partition);
        committed.remove(partition);
    }

    Set<TopicPartition> all() {
        lock.lock();
        try {
            return Set.copyOf(owned);
        } finally {
            lock.unlock();
        }
    }

    /** Notes what the application gets; false if it may not, because the partition was given up since it was read. */
    boolean give(TopicPartition partition, int tenure, long nextOffset) {
        lock.lock();
        try {
            if (owned.contains(partition) && Objects.equals(tenures.get(partition), tenure)) {
                given.put(partition, nextOffset);
                return true;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    void givenIsDone() {
        locked(() -> {
            done.putAll(given);
            given.clear();
        });
    }

    /** Some of what was given of the partition is done. */
    void done(TopicPartition partition, long nextOffset) {
        locked(() -> {
            if (given.containsKey(partition)) {
                done.put(partition, nextOffset);
            }
        });
    }

    /** The application says itself how far these are done. */
    void doneAsTold(Map<TopicPartition, Long> offsets) {
        locked(() -> offsets.forEach((partition, offset) -> {
            if (tenures.containsKey(partition)) {
                done.put(partition, offset);
            }
        }));
    }

    /** Which of the times that they are owned this is, of those that are owned or may still be committed. */
    Map<TopicPartition, Integer> tenures(Collection<TopicPartition> partitions) {
        lock.lock();
        try {
            var known = new HashMap<>(tenures);
            known.keySet().retainAll(partitions);
            return known;
        } finally {
            lock.unlock();
        }
    }

    /** What is done and not committed yet, of partitions that are about to go, too. */
    Map<TopicPartition, Long> done() {
        lock.lock();
        try {
            var pending = new HashMap<>(done);
            pending.entrySet().removeIf(each -> Objects.equals(each.getValue(), committed.get(each.getKey())));
            return pending;
        } finally {
            lock.unlock();
        }
    }

    /** Of that, what is of these partitions. */
    Map<TopicPartition, Long> doneOf(Collection<TopicPartition> gone) {
        var pending = done();
        pending.keySet().retainAll(gone);
        return pending;
    }

    void committed(Map<TopicPartition, Long> offsets) {
        locked(() -> offsets.forEach((partition, offset) -> {
            if (tenures.containsKey(partition)) {
                committed.put(partition, offset);
            }
        }));
    }
}
