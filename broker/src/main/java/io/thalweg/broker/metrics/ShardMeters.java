package io.thalweg.broker.metrics;

import io.micrometer.core.instrument.Timer;
import io.thalweg.broker.shard.ShardListener;
import io.thalweg.spi.runtime.Clock;
import java.util.concurrent.TimeUnit;

/** Times the turns of one shard. Owned by the shard. */
final class ShardMeters implements ShardListener {

    private final Clock clock;
    private final Timer appends;
    private final Timer commits;
    private final PendingCommits pending = new PendingCommits();

    ShardMeters(MeterSet meters, int index, Clock clock) {
        this.clock = clock;
        var number = String.valueOf(index);
        appends = meters.timer("thalweg.shard.append", "Giving the logs what a turn collected", "shard", number);
        commits = meters.timer("thalweg.shard.commit", "From a commit's beginning to its end", "shard", number);
        meters.nanosGauge(
                "thalweg.shard.unsynced.age",
                "How long the oldest commit under way has lasted",
                () -> pending.ageNanos(clock.nanos()),
                "shard",
                number);
    }

    @Override
    public void flushed(long nanos) {
        appends.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public long commitBegan() {
        return pending.began(clock.nanos());
    }

    @Override
    public void commitEnded(long commit) {
        commits.record(clock.nanos() - pending.ended(commit), TimeUnit.NANOSECONDS);
    }
}
