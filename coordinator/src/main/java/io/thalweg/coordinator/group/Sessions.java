package io.thalweg.coordinator.group;

import io.thalweg.spi.runtime.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The sessions of members: each ends unless it is extended. Owned by the coordinator's event loop.
 *
 * <p>A heartbeat only moves the deadline; the timer, when it goes off, looks whether that has moved, so that a member costs one timer
 * a session and not one a heartbeat.
 */
final class Sessions {

    private final Alarms alarms;
    private final Clock clock;
    private final BiConsumer<ClassicGroup, Member> ended;

    /**
     * Sessions.
     *
     * @param ended what to do when one has ended
     */
    Sessions(Alarms alarms, Clock clock, BiConsumer<ClassicGroup, Member> ended) {
        this.alarms = alarms;
        this.clock = clock;
        this.ended = ended;
    }

    /** The member was heard of. */
    void extend(ClassicGroup group, Member member) {
        extend(group, member, member.sessionTimeoutMillis());
    }

    void extend(ClassicGroup group, Member member, int timeoutMillis) {
        var nanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        member.deadlineNanos = clock.nanos() + nanos;
        var timer = member.timer;
        if (timer == null) {
            start(group, member, nanos);
        } else if (member.timerNanos - member.deadlineNanos > 0) {
            timer.cancel();
            start(group, member, nanos);
        }
    }

    private void start(ClassicGroup group, Member member, long nanos) {
        member.timerNanos = clock.nanos() + nanos;
        member.timer = alarms.afterNanos(nanos, () -> look(group, member));
    }

    private void look(ClassicGroup group, Member member) {
        member.timer = null;
        var leftNanos = member.deadlineNanos - clock.nanos();
        if (member.isGone()) {
            return;
        }
        if (leftNanos > 0) {
            start(group, member, leftNanos);
        } else if (member.isNew() || !(member.awaitsJoin() || member.awaitsSync())) {
            ended.accept(group, member);
        }
    }

    /** The member is gone. */
    void end(Member member) {
        member.gone();
        var timer = member.timer;
        if (timer != null) {
            timer.cancel();
            member.timer = null;
        }
    }
}
