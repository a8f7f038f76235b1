package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The records that a {@link KeyedProcessing} has under way: a lane for each key, in which one record is worked on at a time, and how far
 * each partition is done. Any thread may call; all state is under one lock, which nobody holds while a record is worked on.
 */
final class KeyLanes {

    private final Executor executor;
    private final int maxInFlight;
    private final Consumer<HandledRecord> work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition roomOrEnd = lock.newCondition();

    // The rest is guarded by the lock.
    private final Map<TopicPartition, OffsetProgress> owned = new HashMap<>();
    private final Map<Object, ArrayDeque<HandledRecord>> lanes = new HashMap<>();
    private final List<Draining> draining = new ArrayList<>();
    private int inFlightCount;
    private boolean isEnding;

    KeyLanes(Executor executor, int maxInFlight, Consumer<HandledRecord> work) {
        this.executor = executor;
        this.maxInFlight = maxInFlight;
        this.work = work;
    }

    /** Partitions that are given up once nothing of them runs. */
    private record Draining(List<OffsetProgress> partitions, CompletableFuture<Void> quiet) {

        /** Whoever waits may have given up waiting. */
        boolean endIfOver() {
            var isOver = partitions.stream().allMatch(OffsetProgress::isQuiet);
            if (isOver) {
                quiet.complete(null);
            }
            return isOver || quiet.isDone();
        }
    }

    /** Partitions of which records of this tenure will be admitted. */
    void own(Map<TopicPartition, Long> positions, int tenure) {
        lock.lock();
        try {
            positions.forEach(
                    (partition, offset) -> owned.put(partition, new OffsetProgress(partition, tenure, offset)));
        } finally {
            lock.unlock();
        }
    }

    /** Takes a record, waiting until there is room; false if its partition is not owned any more, or only anew, or all ends. */
    boolean admit(InboundRecord record, int tenure) throws InterruptedException {
        lock.lock();
        try {
            while (inFlightCount >= maxInFlight && !isEnding) {
                roomOrEnd.await();
            }
            var progress = owned.get(record.partition());
            if (isEnding || progress == null || progress.tenure() != tenure || progress.isGivenUp()) {
                return false;
            }
            var handled = new HandledRecord(record, progress);
            var lane = lanes.computeIfAbsent(handled.lane(), key -> new ArrayDeque<>());
            lane.add(handled);
            inFlightCount++;
            if (lane.size() == 1) {
                begin(handled);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Up to this offset the partition shows nothing more; once what was admitted is done, it is done that far. */
    void skipTo(TopicPartition partition, int tenure, long nextOffset) {
        lock.lock();
        try {
            var progress = owned.get(partition);
            if (progress != null && progress.tenure() == tenure) {
                progress.skipTo(nextOffset);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isOwned(TopicPartition partition, int tenure) {
        lock.lock();
        try {
            var progress = owned.get(partition);
            return progress != null && progress.tenure() == tenure && !progress.isGivenUp();
        } finally {
            lock.unlock();
        }
    }

    private void begin(HandledRecord record) {
        record.progress().began();
        executor.execute(() -> work.accept(record));
    }

    /** The record is done with, or is not to be done here any more. */
    void ended(HandledRecord record, boolean isDone) {
        lock.lock();
        try {
            record.progress().ended();
            if (isDone) {
                record.done();
            }
            next(record);
            tellQuiet();
        } finally {
            lock.unlock();
        }
    }

    /** The record stays at the head of its lane and is tried again later. */
    void paused(HandledRecord record) {
        lock.lock();
        try {
            record.progress().ended();
            tellQuiet();
        } finally {
            lock.unlock();
        }
    }

    /** Has the record tried again, unless its partition was given up meanwhile. */
    void again(HandledRecord record) {
        lock.lock();
        try {
            if (record.progress().isGivenUp()) {
                next(record);
            } else {
                begin(record);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes the record out of its lane and begins the next that is still wanted. */
    private void next(HandledRecord record) {
        var key = record.lane();
        var lane = lanes.get(key);
        if (lane == null || lane.peek() != record) {
            return;
        }
        do {
            lane.remove();
            inFlightCount--;
        } while (!lane.isEmpty() && lane.element().progress().isGivenUp());
        if (lane.isEmpty()) {
            lanes.remove(key);
        } else {
            begin(lane.element());
        }
        roomOrEnd.signal();
    }

    private void tellQuiet() {
        draining.removeIf(Draining::endIfOver);
    }

    /** Begins nothing more of these; completes once nothing of them runs. */
    CompletableFuture<Void> giveUp(Collection<TopicPartition> gone) {
        lock.lock();
        try {
            var partitions = new ArrayList<OffsetProgress>();
            for (var partition : gone) {
                var progress = owned.get(partition);
                if (progress != null) {
                    progress.giveUp();
                    partitions.add(progress);
                }
            }
            var quiet = new CompletableFuture<Void>();
            draining.add(new Draining(partitions, quiet));
            tellQuiet();
            return quiet;
        } finally {
            lock.unlock();
        }
    }

    /** Admits nothing more, and begins nothing more of what was admitted; completes once nothing runs. */
    CompletableFuture<Void> end() {
        lock.lock();
        try {
            isEnding = true;
            roomOrEnd.signalAll();
            return giveUp(List.copyOf(owned.keySet()));
        } finally {
            lock.unlock();
        }
    }

    void forget(Collection<TopicPartition> gone) {
        lock.lock();
        try {
            gone.forEach(owned::remove);
        } finally {
            lock.unlock();
        }
    }

    /** How many wait for partitions to become quiet. */
    int drainingCount() {
        lock.lock();
        try {
            return draining.size();
        } finally {
            lock.unlock();
        }
    }

    Collection<TopicPartition> partitions() {
        lock.lock();
        try {
            return List.copyOf(owned.keySet());
        } finally {
            lock.unlock();
        }
    }

    /** Of these partitions, how far they are done and not committed. */
    Map<TopicPartition, Long> committable(Collection<TopicPartition> partitions) {
        lock.lock();
        try {
            var offsets = new HashMap<TopicPartition, Long>();
            for (var partition : partitions) {
                var progress = owned.get(partition);
                if (progress != null && progress.hasUncommitted()) {
                    offsets.put(partition, progress.committable());
                }
            }
            return offsets;
        } finally {
            lock.unlock();
        }
    }

    void committed(Map<TopicPartition, Long> offsets) {
        lock.lock();
        try {
            offsets.forEach((partition, offset) -> {
                var progress = owned.get(partition);
                if (progress != null) {
                    progress.committed(offset);
                }
            });
        } finally {
            lock.unlock();
        }
    }
}
