package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.controller.ControllerConfig.Limits;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.NotLeaderException;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what waits, proposes it, and ends it once the log has committed it. Owned by the controller's event loop; {@code submit},
 * {@code close} and what the log calls may come from any thread and hop.
 *
 * <p>One proposal is in flight at a time. What comes meanwhile waits, is decided against the image that follows, each work seeing those
 * before it, and is proposed as one entry.
 */
final class ProposalLoop implements MetadataListener {

    /** What a record costs besides its bytes, at the most. */
    private static final int RECORD_OVERHEAD_BYTES = 24;

    private static final Logger LOG = LoggerFactory.getLogger(ProposalLoop.class);

    private final EventLoop loop;
    private final MetadataLog log;
    private final ImageListener listener;
    private final Function<MetadataImage, Work> firstWork;
    private final Limits limits;
    private final ImageReplay replay;

    /** Works submitted and not yet decided, including those on their way to the loop. */
    private final AtomicInteger waitingCount = new AtomicInteger();

    private final ArrayDeque<Work> waiting = new ArrayDeque<>();
    private final List<Awaiting> awaiting = new ArrayList<>();

    /** Calls of the log, counted on its thread, and those among them that the loop has taken. */
    private final AtomicLong toldCount = new AtomicLong();

    private long takenCount;
    private List<Work> inFlight = List.of();
    private Leadership leadership = new Leadership(OptionalInt.empty(), 0, false);
    private boolean isStopped;

    /** What is to be done once so many calls of the log have been taken. */
    private record Awaiting(long count, Runnable task) {}

    ProposalLoop(
            EventLoop loop,
            MetadataLog log,
            ImageListener listener,
            Function<MetadataImage, Work> firstWork,
            Limits limits) {
        this.loop = loop;
        this.log = log;
        this.listener = listener;
        this.firstWork = firstWork;
        this.limits = limits;
        this.replay = new ImageReplay(log, listener, limits.snapshotRecords());
    }

    /** Takes work from any thread, within the limit. */
    void submit(Work work) {
        if (waitingCount.incrementAndGet() > limits.waitingRequests()) {
            waitingCount.decrementAndGet();
            work.fail(new ControllerException(
                    ErrorCode.REQUEST_TIMED_OUT,
                    limits.waitingRequests() + " requests wait for the controller already: try again"));
            return;
        }
        try {
            loop.execute(() -> accept(work));
        } catch (RejectedExecutionException e) {
            waitingCount.decrementAndGet();
            work.fail(notController());
        }
    }

    private void accept(Work work) {
        if (isLeading()) {
            waiting.add(work);
            propose();
        } else {
            waitingCount.decrementAndGet();
            work.fail(notController());
        }
    }

    private boolean isLeading() {
        assert loop.isCurrent();
        return leadership.isLocal() && !isStopped;
    }

    private ControllerException notController() {
        return new ControllerException(ErrorCode.NOT_CONTROLLER, "this node is not the controller");
    }

    private void propose() {
        if (!isLeading() || !inFlight.isEmpty() || waiting.isEmpty()) {
            return;
        }
        var records = new ArrayList<ByteBuffer>();
        var decided = decide(records);
        if (records.isEmpty()) {
            decided.forEach(Work::succeed);
            return;
        }
        inFlight = decided;
        var epoch = leadership.epoch();
        log.propose(epoch, records).whenComplete((offset, error) -> afterWhatWasTold(() -> ended(epoch, error)));
    }

    /** Decides what waits until there is enough for an entry; gives the works whose changes are in it. */
    private List<Work> decide(List<ByteBuffer> records) {
        var decided = new ArrayList<Work>();
        var working = replay.image();
        var bytes = 0L;
        while (!waiting.isEmpty() && records.size() < limits.proposalRecords() && bytes < limits.proposalBytes()) {
            var work = waiting.remove();
            waitingCount.decrementAndGet();
            try {
                var changes = work.decide(working);
                var encoded = MetadataRecords.encode(changes);
                bytes += checkedBytes(encoded);
                working = MetadataRecords.replay(working, changes);
                records.addAll(encoded);
                decided.add(work);
            } catch (ControllerException e) {
                work.fail(e);
            } catch (RuntimeException e) {
                LOG.error("a request could not be decided", e);
                work.fail(new ControllerException(
                        ErrorCode.UNKNOWN_SERVER_ERROR, "the controller could not decide the request: " + e));
            }
        }
        return decided;
    }

    /** How much room the changes of a request take in an entry. */
    private long checkedBytes(List<ByteBuffer> changes) {
        var bytes = changes.stream()
                .mapToLong(change -> RECORD_OVERHEAD_BYTES + change.remaining())
                .sum();
        if (bytes > limits.proposalBytes()) {
            throw new ControllerException(
                    ErrorCode.POLICY_VIOLATION,
                    "the request asks for changes of " + bytes + " bytes: expected at most " + limits.proposalBytes()
                            + ", split it");
        }
        return bytes;
    }

    /**
     * Runs the task on the event loop behind everything that the log has told so far. The end of a proposal comes after its entry, but a
     * task of the loop itself may overtake one that came from the log's thread. Any thread.
     */
    void afterWhatWasTold(Runnable task) {
        long count = toldCount.get();
        hop(() -> {
            if (takenCount >= count) {
                task.run();
            } else {
                awaiting.add(new Awaiting(count, task));
            }
        });
    }

    private void runAwaiting() {
        var reached = awaiting.stream().filter(each -> each.count <= takenCount).toList();
        awaiting.removeAll(reached);
        reached.forEach(each -> each.task.run());
    }

    private void ended(int epoch, @Nullable Throwable error) {
        var works = inFlight;
        inFlight = List.of();
        if (error == null) {
            works.forEach(Work::succeed);
        } else {
            var reason = reasonOf(error);
            works.forEach(work -> work.fail(
                    reason instanceof StorageException
                            ? new ControllerException(
                                    ErrorCode.KAFKA_STORAGE_ERROR, "the metadata log failed: " + reason.getMessage())
                            : notController()));
            var isInDoubt = !(reason instanceof NotLeaderException) && !isStopped;
            // A later leadership that was told before has told what became of it.
            if (isInDoubt && epoch == leadership.epoch()) {
                LOG.warn("a proposal ended in doubt; nothing is decided here until the next leadership", error);
                resign();
            }
        }
        propose();
    }

    private static Throwable reasonOf(Throwable error) {
        var cause = error.getCause();
        return error instanceof CompletionException && cause != null ? cause : error;
    }

    /** Leads no more: what waits is refused, what is in flight ends by itself. */
    private void resign() {
        leadership = new Leadership(leadership.leaderId(), leadership.epoch(), false);
        while (!waiting.isEmpty()) {
            waitingCount.decrementAndGet();
            waiting.remove().fail(notController());
        }
    }

    @Override
    public void snapshot(long endOffset, List<ByteBuffer> records) {
        follow(records, messages -> replay.snapshot(endOffset, messages));
    }

    @Override
    public void committed(long offset, List<ByteBuffer> records) {
        follow(records, messages -> replay.entry(offset, messages));
    }

    /** Decodes at once, because the buffers are lent for the call only. */
    private void follow(List<ByteBuffer> records, Consumer<List<Message>> step) {
        toldCount.incrementAndGet();
        try {
            var messages = MetadataRecords.decode(records);
            hop(() -> {
                takenCount++;
                step(() -> step.accept(messages));
            });
        } catch (RuntimeException e) {
            hop(() -> stop(e));
        }
    }

    @Override
    public void leadership(Leadership newLeadership) {
        hop(() -> step(() -> follow(newLeadership)));
    }

    private void follow(Leadership newLeadership) {
        resign();
        replay.caughtUp();
        leadership = newLeadership;
        listener.leadership(newLeadership);
        if (newLeadership.isLocal()) {
            waitingCount.incrementAndGet();
            accept(firstWork.apply(replay.image()));
        }
    }

    private void step(Runnable step) {
        assert loop.isCurrent();
        if (isStopped) {
            return;
        }
        try {
            step.run();
            runAwaiting();
            if (replay.isSnapshotDue()) {
                replay.keepSnapshot(() -> hop(replay::snapshotEnded));
            }
        } catch (RuntimeException e) {
            stop(e);
        }
    }

    /** An entry that cannot be replayed: going on would give an image no one else has. */
    private void stop(RuntimeException cause) {
        LOG.error("the metadata log cannot be followed any further", cause);
        end();
        listener.failed(cause);
    }

    /** Refuses everything that waits or is in flight, and what comes; any thread. */
    void close() {
        hop(this::end);
    }

    private void end() {
        isStopped = true;
        resign();
        inFlight.forEach(work -> work.fail(notController()));
    }

    private void hop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the controller's event loop has closed", e);
        }
    }
}
