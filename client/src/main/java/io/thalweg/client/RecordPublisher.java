package io.thalweg.client;

import io.thalweg.api.Consumer;
import io.thalweg.api.ConsumerRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Publishes the records of a group; each subscriber is a member of its own, with a thread that polls and calls it. Immutable. */
final class RecordPublisher<K, V> implements Flow.Publisher<ConsumerRecord<K, V>> {

    private final String group;
    private final Supplier<PolledConsumer<K, V>> members;

    RecordPublisher(String group, Supplier<PolledConsumer<K, V>> members) {
        this.group = group;
        this.members = members;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ConsumerRecord<K, V>> subscriber) {
        var reading = new Reading<>(subscriber, members.get());
        var thread = new Thread(reading::run, "thalweg-publisher-" + group);
        thread.setDaemon(true);
        thread.start();
    }

    /** One subscriber. Its thread runs it; demand and cancellation come from any, under one lock. */
    private static final class Reading<K, V> implements Flow.Subscription {

        private static final Duration TICK = Duration.ofMillis(100);

        private final Flow.Subscriber<? super ConsumerRecord<K, V>> subscriber;
        private final PolledConsumer<K, V> consumer;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final ArrayDeque<ConsumerRecord<K, V>> read = new ArrayDeque<>();

        // Guarded by the lock.
        private long demand;
        private boolean isCancelled;
        private boolean isMisused;

        Reading(Flow.Subscriber<? super ConsumerRecord<K, V>> subscriber, PolledConsumer<K, V> consumer) {
            this.subscriber = subscriber;
            this.consumer = consumer;
        }

        void run() {
            try (Consumer<K, V> member = consumer) {
                subscriber.onSubscribe(this);
                while (awaitDemand()) {
                    if (read.isEmpty()) {
                        read.addAll(member.poll(TICK));
                    } else {
                        next(read.remove());
                    }
                }
                if (isMisused) {
                    subscriber.onError(new IllegalArgumentException("demand for no record; expected 1 or more"));
                }
            } catch (RuntimeException e) {
                subscriber.onError(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void next(ConsumerRecord<K, V> record) {
            subscriber.onNext(record);
            consumer.done(record.partition(), record.offset() + 1);
            lock.lock();
            try {
                demand--;
            } finally {
                lock.unlock();
            }
        }

        /** Waits until something is wanted; false once nothing will be. Partitions may be taken away meanwhile. */
        private boolean awaitDemand() throws InterruptedException {
            while (!isDemanded()) {
                if (read.isEmpty()) {
                    consumer.settle();
                }
            }
            return !isCancelled();
        }

        @SuppressWarnings("WaitNotInLoop") // The one caller loops.
        private boolean isDemanded() throws InterruptedException {
            lock.lock();
            try {
                if (demand == 0 && !isCancelled) {
                    var unused = changed.awaitNanos(TICK.toNanos());
                }
                return demand > 0 || isCancelled;
            } finally {
                lock.unlock();
            }
        }

        private boolean isCancelled() {
            lock.lock();
            try {
                return isCancelled;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void request(long count) {
            lock.lock();
            try {
                if (count < 1) {
                    isMisused = true;
                    isCancelled = true;
                } else {
                    demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
                }
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void cancel() {
            lock.lock();
            try {
                isCancelled = true;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }
    }
}
