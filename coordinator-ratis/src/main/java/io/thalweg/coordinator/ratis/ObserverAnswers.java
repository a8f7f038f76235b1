package io.thalweg.coordinator.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.coordination.QuorumState;
import io.thalweg.spi.coordination.QuorumVoter;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a voter tells those who do not vote and those who look for the controller, and when it heard of them. Any thread. */
final class ObserverAnswers {

    /** An observer hears of everything new at once, and of nothing new so often. */
    static final long WAIT_MILLIS = 500;

    /** One who has not asked for so long is no observer any more. */
    private static final long GONE_MILLIS = 30_000;

    private static final long MAX_BYTES = 1 << 20;

    private final ListenerFeed feed;
    private final Supplier<List<QuorumVoter>> voters;
    private final Clock clock;
    private final Timers timers;

    private volatile Function<ByteBuffer, CompletionStage<ByteBuffer>> controller = question ->
            CompletableFuture.failedFuture(new IllegalStateException("nobody answers for the controller here yet"));

    @GuardedBy("this") private final TreeMap<Integer, QuorumState.Member> observers = new TreeMap<>();

    ObserverAnswers(ListenerFeed feed, Supplier<List<QuorumVoter>> voters, Clock clock, Timers timers) {
        this.feed = feed;
        this.voters = voters;
        this.clock = clock;
        this.timers = timers;
    }

    /** Has what the controller is asked answered by this. */
    void controllerBy(Function<ByteBuffer, CompletionStage<ByteBuffer>> answers) {
        controller = answers;
    }

    CompletableFuture<byte[]> answer(ByteBuffer bytes) {
        if (ObserverCodec.takeForController(bytes)) {
            return controller
                    .apply(bytes.slice())
                    .thenApply(ObserverAnswers::toArray)
                    .toCompletableFuture();
        }
        if (ObserverCodec.isForVoters(bytes)) {
            return CompletableFuture.completedFuture(ObserverCodec.encodeVoters(voters.get()));
        }
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

    private static byte[] toArray(ByteBuffer buffer) {
        var bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
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
