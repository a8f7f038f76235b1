package io.thalweg.broker.cluster;

import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.config.NoEffectWarnings;
import io.thalweg.broker.metadata.IdleSettings;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.metadata.TopicHosting;
import io.thalweg.broker.metadata.TopicListener;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.shard.Shards;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.storage.StorageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The clock, the timers and the event loop of broker 1, and what it knows of metadata; time passes when the test says so. On the test's
 * thread.
 */
final class PlayedWorld implements Clock, EventLoop, Timers {

    private static final int BROKER = 1;

    private final List<Later> later = new ArrayList<>();
    private final MetadataFollower follower = follower();
    private long nowNanos = 11;

    private record Later(long dueNanos, Runnable task) {}

    private MetadataFollower follower() {
        var engine = new MemoryStorage()
                .open(new StorageContext(
                        ConfigValues.empty(),
                        this,
                        this,
                        (name, threads) -> {
                            throw new IllegalStateException("no threads in this test");
                        },
                        new Random(1)));
        var hosting = new TopicHosting(
                BROKER,
                "PLAINTEXT",
                ConfigValues.empty(),
                new TopicTable(),
                new Shards(List.of(), this),
                engine,
                TopicListener.NONE);
        var settings = new IdleSettings(ConfigCatalog.ofBroker(List.of()), new NoEffectWarnings(text -> {}));
        return new MetadataFollower(this, BROKER, hosting, settings);
    }

    /** What follows the metadata log, and has heard nothing of it yet. */
    MetadataFollower metadata() {
        return follower;
    }

    @Override
    public long millis() {
        return nowNanos / 1_000_000;
    }

    @Override
    public long nanos() {
        return nowNanos;
    }

    @Override
    public void execute(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // As the controller's event loop does: it goes on with the next task.
        }
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public Timer schedule(long delayNanos, Runnable task) {
        var added = new Later(nowNanos + delayNanos, task);
        later.add(added);
        return () -> later.remove(added);
    }

    /** Lets so much time pass, and then runs what is due. */
    void pass(long nanos) {
        nowNanos += nanos;
        var due = later.stream().filter(each -> each.dueNanos <= nowNanos).toList();
        later.removeAll(due);
        due.forEach(each -> each.task.run());
    }

    /** Whether nothing is left to be done some time. */
    boolean isIdle() {
        return later.isEmpty();
    }
}
