package io.thalweg.simulation.check;

import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a storage plug-in may do, though ours hardly does: give less than it was asked for, take nothing now and then, ask to be asked
 * again, and answer late (F28). Owned by the scheduler.
 */
final class Whims {

    /** One of so many appends is refused. */
    private static final int APPENDS = 200;

    /** One of so many questions to a log is not answered, or late. */
    private static final int QUESTIONS = 50;

    /** The same for what is rare by itself: opening a log, cutting it. */
    private static final int CHANGES = 4;

    private static final long LATEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Random random;
    private final Timers timers;

    /** Answers that are held back; none is once the engine is closed. */
    private final List<CompletableFuture<Void>> late = new ArrayList<>();

    private boolean hasEnded;

    /** Whims that come from chance; what is late comes with the timers. */
    Whims(Random random, Timers timers) {
        this.random = random;
        this.timers = timers;
    }

    /** How much a read gives at most, which is a batch at least. */
    int limit(int maxBytes) {
        return random.nextInt(Math.max(1, maxBytes));
    }

    /** Before an append, and what is like it. */
    void mayRefuse(LogId id) {
        if (random.nextInt(APPENDS) == 0) {
            throw refusal(id);
        }
    }

    /** What a log is asked. */
    <T> CompletionStage<T> question(LogId id, Supplier<CompletionStage<T>> call) {
        return maybe(QUESTIONS, id, call);
    }

    /** What a log is told, or is to become. */
    <T> CompletionStage<T> change(LogId id, Supplier<CompletionStage<T>> call) {
        return maybe(CHANGES, id, call);
    }

    private <T> CompletionStage<T> maybe(int occasions, LogId id, Supplier<CompletionStage<T>> call) {
        if (hasEnded || random.nextInt(occasions) > 0) {
            return call.get();
        }
        return random.nextBoolean() ? CompletableFuture.failedFuture(refusal(id)) : late(call.get());
    }

    private StorageException refusal(LogId id) {
        return random.nextBoolean()
                ? new StorageException.Full("the plug-in has no room for " + id, null)
                : new StorageException.Busy("the plug-in is busy with something else than " + id);
    }

    private <T> CompletionStage<T> late(CompletionStage<T> answer) {
        var due = new CompletableFuture<Void>();
        late.add(due);
        timers.schedule(random.nextLong(LATEST_NANOS), () -> come(due));
        return answer.handle((given, failure) -> due.thenCompose(now -> answer)).thenCompose(told -> told);
    }

    private void come(CompletableFuture<Void> due) {
        late.removeIf(each -> each == due);
        due.complete(null);
    }

    /** The engine is closed: whoever waits is answered now, and whoever asks still at once. */
    void end() {
        hasEnded = true;
        List.copyOf(late).forEach(this::come);
    }
}
