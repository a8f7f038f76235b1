package io.thalweg.storage.file;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log on its way from one directory to another. Any thread may call; the copying runs on maintenance threads of the other directory, one
 * piece at a time.
 *
 * <p>While the log is used, its copy has a name that no log has. Once the log is closed the copy is completed, an {@link Arrival} is noted,
 * and the copy is renamed: from there on it is the log. Then the other one is deleted, and the note as well. Whatever is cut short by a
 * crash, one of the two counts, and until it was deleted they were the same.
 */
final class FileMove implements PlacedEngine.Move {

    private static final Logger logger = LoggerFactory.getLogger(FileMove.class);

    /** What is left to copy while the log is closed. */
    private static final long LITTLE_BYTES = 1 << 20;

    private final FileLog log;
    private final DirectoryStore from;
    private final DirectoryStore to;
    private final long bytesPerSecond;
    private final Clock clock;
    private final Timers timers;
    private final Placement placement;
    private final LogCopy copy;
    private final SerialTasks tasks;
    private final CompletableFuture<Void> copied = new CompletableFuture<>();
    private final AtomicBoolean isFinishing = new AtomicBoolean();
    private final AtomicBoolean isEnded = new AtomicBoolean();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final long beganNanos;

    /** How fast it copies, by which clock; 0 for as fast as it can. */
    record Pace(long bytesPerSecond, Clock clock, Timers timers) {}

    FileMove(FileLog log, DirectoryStore from, DirectoryStore to, Pace pace, Placement placement) {
        this.log = log;
        this.from = from;
        this.to = to;
        this.bytesPerSecond = pace.bytesPerSecond();
        this.clock = pace.clock();
        this.timers = pace.timers();
        this.placement = placement;
        this.copy = new LogCopy(
                log.home().disk(),
                log.runtime().scratch(),
                log.home().path(),
                to.directory().partitions().future(log.id()));
        this.tasks = new SerialTasks(to.runtime().maintenance(), to.runtime().failures());
        this.beganNanos = clock.nanos();
    }

    LogId id() {
        return log.id();
    }

    DirectoryStore to() {
        return to;
    }

    boolean isEnded() {
        return isEnded.get();
    }

    /** What the directory that it goes to has of it. */
    DirectoryImage.Held held() {
        return new DirectoryImage.Held(log.id(), copy.sizeInBytes(), copy.lag(log.view()), true);
    }

    /** Begins when the move before it has left nothing any more. */
    void begin(CompletionStage<Void> before) {
        before.whenComplete((nothing, failure) -> next());
    }

    /** Completes once the move has ended, one way or the other, and nothing of the copy is left that is not the log. */
    CompletionStage<Void> settled() {
        return settled;
    }

    private void next() {
        if (isEnded.get()) {
            return;
        }
        tasks.submit("copy of " + log.id(), this::step).whenComplete((nothing, failure) -> {
            if (failure != null) {
                copied.completeExceptionally(failure);
            }
        });
    }

    private void step() throws IOException {
        if (isEnded.get() || isFinishing.get()) {
            return;
        }
        to.directory().checkOnline();
        var isCopying = copy.copySome(log.view());
        if (!isCopying || copy.missingBytes(log.view()) <= LITTLE_BYTES) {
            copied.complete(null);
            return;
        }
        var delay = delayNanos();
        if (delay > 0) {
            timers.schedule(delay, this::next);
        } else {
            next();
        }
    }

    /** How long the bytes that were copied should have taken, and have not. */
    private long delayNanos() {
        if (bytesPerSecond <= 0) {
            return 0;
        }
        var due = (double) copy.sizeInBytes() / bytesPerSecond * TimeUnit.SECONDS.toNanos(1);
        return (long) due - (clock.nanos() - beganNanos);
    }

    @Override
    public CompletionStage<Void> copied() {
        return copied;
    }

    @Override
    public CompletionStage<Void> finish() {
        if (isEnded.get() || !copied.isDone() || !isFinishing.compareAndSet(false, true)) {
            throw new IllegalStateException("move of " + log.id() + " to " + to.path()
                    + " cannot be finished: it is not copied, finished already, or closed");
        }
        log.close();
        from.logs()
                .left(log.id())
                .handle((closed, failure) -> failure)
                .thenCompose(failure -> tasks.submit("move of " + log.id(), () -> finishNow(failure)))
                .whenComplete((nothing, failure) -> {
                    isEnded.set(true);
                    settled.complete(null);
                    if (failure == null) {
                        finished.complete(null);
                    } else {
                        finished.completeExceptionally(failure);
                    }
                });
        return finished;
    }

    private void finishNow(@Nullable Throwable closeFailure) throws IOException {
        if (closeFailure != null) {
            discard();
            throw new StorageException.Offline(
                    "move of " + log.id() + " to " + to.path() + " refused: the log did not close", closeFailure);
        }
        if (log.home().exists()) {
            prepare();
            try {
                to.directory().partitions().arrive(log.id());
                leave();
            } finally {
                // From here on it is there, whatever that directory is good for.
                to.logs().arrived(log.id());
                placement.moved(log.id(), from, to);
            }
        } else {
            discard();
            placement.moved(log.id(), from, to);
        }
    }

    /** All that can still be undone. */
    private void prepare() throws IOException {
        var isDone = false;
        var isExpected = false;
        try {
            to.directory().checkOnline();
            copy.complete(log.view());
            isExpected = true;
            to.logs().expect(log.id(), log.view());
            // What an earlier move has left to tell of this one would make the other directory's count that it goes to.
            from.directory().partitions().settle(log.id());
            to.directory().partitions().noteArrival(new Arrival(log.id(), from.id()));
            isDone = true;
        } finally {
            if (!isDone) {
                discard();
            }
            if (!isDone && isExpected) {
                expectNoMore();
            }
        }
    }

    private void expectNoMore() {
        try {
            to.logs().expectNoMore(log.id());
        } catch (IOException | StorageException e) {
            logger.warn("what {} was told of {} could not be taken back yet", to.path(), log.id(), e);
        }
    }

    /** The log is in the other directory already; what is left of it in this one a start removes if this does not. */
    private void leave() {
        try {
            from.logs().departed(log.id());
            to.directory().partitions().settle(log.id());
        } catch (IOException | RuntimeException e) {
            logger.warn("{} was moved to {}, and {} still has what it had of it", log.id(), to.path(), from.path(), e);
        }
    }

    private void discard() {
        try {
            to.directory().partitions().removeFuture(log.id());
        } catch (IOException e) {
            logger.warn("the copy of {} in {} could not be removed", log.id(), to.path(), e);
        }
    }

    @Override
    public void close() {
        if (!isFinishing.get() && isEnded.compareAndSet(false, true)) {
            copied.completeExceptionally(
                    new StorageException.Busy("move of " + log.id() + " to " + to.path() + " was given up"));
            tasks.submit("removal of a copy of " + log.id(), this::discard)
                    .whenComplete((nothing, failure) -> settled.complete(null));
        }
    }

    /** Gives it up, or if it is about to end, waits until it has. */
    void stop() {
        close();
        if (isFinishing.get()) {
            finished.handle((nothing, failure) -> true).join();
        }
    }
}
