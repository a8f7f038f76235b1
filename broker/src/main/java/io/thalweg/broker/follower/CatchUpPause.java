package io.thalweg.broker.follower;

import io.thalweg.broker.quota.ReplicationThrottle;
import io.thalweg.spi.runtime.Clock;
import java.util.concurrent.TimeUnit;

/**
 * Holds up those of a fetcher's partitions that catch up until what was fetched of them is paid for. Owned by the shard.
 *
 * <p>It waits for what was owed when its own last fetch was charged, and no longer: others that share the rate go on charging, and who
 * waited until nobody owes anything might wait for ever. They then wait for this fetcher's charges in turn, so that the rate holds.
 */
final class CatchUpPause {

    /** So often it is looked whether the throttle is another one. */
    private static final long MAX_LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Longer than any process runs, and little enough to be added to the time. */
    private static final long MAX_UNPAID_NANOS = TimeUnit.DAYS.toNanos(10_000);

    private final ReplicationThrottle throttle;
    private final FetcherSession session;
    private final Clock clock;
    private final Later later;
    private final Runnable over;
    private long paidAtNanos;
    private boolean isUnderWay;

    /** Runs a task on the shard after a while. */
    interface Later {
        void after(long nanos, Runnable task);
    }

    /**
     * No pause yet.
     *
     * @param session has the partitions
     * @param over called when some go on
     */
    CatchUpPause(ReplicationThrottle throttle, FetcherSession session, Clock clock, Later later, Runnable over) {
        this.throttle = throttle;
        this.session = session;
        this.clock = clock;
        this.later = later;
        this.over = over;
    }

    /** So much of the partition was fetched. */
    void charge(FetchedPartition partition, int bytes) {
        if (bytes <= 0 || !isThrottled(partition)) {
            return;
        }
        throttle.used(bytes);
        var unpaidNanos = throttle.unpaidNanos();
        if (unpaidNanos > 0) {
            paidAtNanos = clock.nanos() + Math.min(MAX_UNPAID_NANOS, unpaidNanos);
            session.all().stream()
                    .filter(this::isThrottled)
                    .filter(FetchedPartition::pause)
                    .toList()
                    .forEach(session::changed);
            begin();
        }
    }

    private boolean isThrottled(FetchedPartition partition) {
        return partition.follower().isBehind()
                && throttle.concerns(partition.follower().published().id());
    }

    private void begin() {
        if (!isUnderWay) {
            isUnderWay = true;
            later.after(Math.min(MAX_LOOK_NANOS, leftNanos()), this::look);
        }
    }

    /** A throttle that has become another one may leave less to wait for. */
    private long leftNanos() {
        return Math.max(0, Math.min(paidAtNanos - clock.nanos(), throttle.unpaidNanos()));
    }

    private void look() {
        isUnderWay = false;
        var isPaid = leftNanos() == 0;
        var goOn = session.all().stream()
                .filter(FetchedPartition::isPaused)
                .filter(partition -> isPaid || !isThrottled(partition))
                .toList();
        for (var partition : goOn) {
            partition.goOn();
            session.changed(partition);
        }
        if (session.all().stream().anyMatch(FetchedPartition::isPaused)) {
            begin();
        }
        if (!goOn.isEmpty()) {
            over.run();
        }
    }

    /**
     * How long the leader may keep a fetch that is for others meanwhile: it is back when the pause is over, and nothing has to be cut short
     * for those that go on.
     */
    int waitMillis(int maxWaitMillis) {
        return isUnderWay
                ? (int) Math.min(maxWaitMillis, TimeUnit.NANOSECONDS.toMillis(leftNanos()) + 1)
                : maxWaitMillis;
    }
}
