package io.thalweg.coordinator.group;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers.Timer;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of members of consumer groups: for a sign of life, and for giving partitions up. Owned by the coordinator's event loop.
 *
 * <p>A heartbeat only moves the deadline, as in {@link Sessions}.
 */
final class ConsumerSessions {

    private final Alarms alarms;
    private final Clock clock;
    private final Ended ended;
    private final TreeMap<String, TreeMap<String, Limits>> groups = new TreeMap<>();

    /** What to do with a member whose time is up. */
    interface Ended {
        void fence(String group, String member, String reason);
    }

    /** The limits of one member. */
    private static final class Limits {

        private long deadlineNanos;
        private long timerNanos;
        private @Nullable Timer session;
        private @Nullable Timer step;
    }

    ConsumerSessions(Alarms alarms, Clock clock, Ended ended) {
        this.alarms = alarms;
        this.clock = clock;
        this.ended = ended;
    }

    private Limits limits(String group, String member) {
        return groups.computeIfAbsent(group, first -> new TreeMap<>()).computeIfAbsent(member, first -> new Limits());
    }

    private boolean isCurrent(String group, String member, Limits limits) {
        var members = groups.get(group);
        return members != null && members.get(member) == limits;
    }

    /** The member was heard of. */
    void extend(String group, String member, int timeoutMillis) {
        var limits = limits(group, member);
        var nanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        limits.deadlineNanos = clock.nanos() + nanos;
        var timer = limits.session;
        if (timer == null) {
            start(group, member, limits, nanos);
        } else if (limits.timerNanos - limits.deadlineNanos > 0) {
            timer.cancel();
            start(group, member, limits, nanos);
        }
    }

    private void start(String group, String member, Limits limits, long nanos) {
        limits.timerNanos = clock.nanos() + nanos;
        limits.session = alarms.afterNanos(nanos, () -> look(group, member, limits));
    }

    private void look(String group, String member, Limits limits) {
        if (!isCurrent(group, member, limits)) {
            return;
        }
        limits.session = null;
        var leftNanos = limits.deadlineNanos - clock.nanos();
        if (leftNanos > 0) {
            start(group, member, limits, leftNanos);
        } else {
            ended.fence(group, member, "was silent for its session timeout");
        }
    }

    /** The member has this long for its next step; what it was given before counts on if {@code isKept}. */
    void limitStep(String group, String member, int timeoutMillis, boolean isKept, String reason) {
        var limits = limits(group, member);
        var running = limits.step;
        if (running != null && isKept) {
            return;
        }
        if (running != null) {
            running.cancel();
        }
        limits.step = alarms.afterMillis(timeoutMillis, () -> {
            if (isCurrent(group, member, limits) && limits.step != null) {
                limits.step = null;
                ended.fence(group, member, reason);
            }
        });
    }

    /** The member has taken its step. */
    void endStep(String group, String member) {
        var limits = limits(group, member);
        var running = limits.step;
        if (running != null) {
            running.cancel();
            limits.step = null;
        }
    }

    /** The member is gone. */
    void end(String group, String member) {
        var members = groups.get(group);
        var limits = members == null ? null : members.remove(member);
        if (members == null || limits == null) {
            return;
        }
        if (members.isEmpty()) {
            groups.remove(group);
        }
        if (limits.session != null) {
            limits.session.cancel();
        }
        if (limits.step != null) {
            limits.step.cancel();
        }
    }
}
