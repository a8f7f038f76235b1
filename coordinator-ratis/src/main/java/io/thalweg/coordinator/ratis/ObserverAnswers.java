package io.thalweg.coordinator.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a voter tells those who do not vote, and when it heard of them. Any thread. */
final class ObserverAnswers {

    /** An observer hears of everything new at once, and of nothing new so often. */
    static final long WAIT_MILLIS = 500;

    /** One who has not asked for so long is no observer any more. */
    private static final long GONE_MILLIS = 30_000;

    private static final long MAX_BYTES = 1 << 20;

    private final ListenerFeed feed;
    private final Clock clock;
    private final Timers timers;

    @GuardedBy("this") private final TreeMap<Integer, QuorumState.Member> observers = new TreeMap<>();

    ObserverAnswers(ListenerFeed feed, Clock clock, Timers timers) {
        this.feed = feed;
        this.clock = clock;
        this.timers = timers;
    }

    CompletableFuture<byte[]> answer(ByteBuffer bytes) {
        var question = ObserverCodec.decodeQuestion(bytes);
        if (question.kind() == ObserverCodec.Kind.END) {
            return CompletableFuture.completedFuture(ObserverCodec.encode(feed.viewFrom(Long.MAX_VALUE, MAX_BYTES)));
        }
        note(question.nodeId(), question.endOffset());
        var answered = new CompletableFuture<byte[]>();
        Runnable answer = () -> answered.complete(ObserverCodec.encode(feed.viewFrom(question.endOffset(), MAX_BYTES)));
        var timer = timers.schedule(TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS), answer);
        feed.whenBeyond(question.endOffset(), answer);
        return answered.whenComplete((nothing, failure) -> {
            timer.cancel();
            feed.forget(answer);
        });
    }

    private synchronized void note(int nodeId, long endOffset) {
        var now = clock.millis();
        var before = observers.get(nodeId);
        var caughtUp =
                endOffset >= feed.endOffset() ? now : before == null ? QuorumState.UNKNOWN : before.caughtUpMillis();
        observers.put(nodeId, new QuorumState.Member(nodeId, endOffset, now, caughtUp));
    }

    synchronized List<QuorumState.Member> observers() {
        var oldest = clock.millis() - GONE_MILLIS;
        observers.values().removeIf(observer -> observer.heardMillis() < oldest);
        return List.copyOf(observers.values());
    }
}
