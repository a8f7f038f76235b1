package io.thalweg.broker.shard;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.ProducerType;
import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.Replica;
import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.broker.runtime.RingThread;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.StorageEngine;
import java.util.List;

/**
 * One thread and its ring. All changes of its partitions happen on it, in the order of the ring.
 *
 * <p>Any thread may publish; nobody ever waits to. Appends are refused while the ring is full, and the refused event loop stops
 * reading its socket; tasks, which answer what the shard itself began, go beside a full ring.
 */
public final class Shard implements EventLoop, AutoCloseable {

    /**
     * Bounds the work of one turn, and so how long the first of it waits for its commit. Besides, it is at most half the ring: so a ring
     * that is found full has slots that the turn has not seen, and the shard looks at its tasks once more.
     */
    private static final int MAX_TURN_SLOTS = 256;

    private final int index;
    private final RingBuffer<Slot> ring;
    private final TaskQueue tasks = new TaskQueue();
    private final Outbox outbox = new Outbox();
    private final AppendStage append;
    private final CommitStage commit;
    private final BatchEventProcessor<Slot> loop;
    private final RingThread thread;
    private volatile boolean isClosing;

    /**
     * A shard that is not running yet.
     *
     * @param ringSlots a power of two
     * @param clock tells what appends cost
     */
    public Shard(
            int index, int ringSlots, RingThread thread, StorageEngine engine, Clock clock, ShardListener listener) {
        this.index = index;
        this.thread = thread;
        this.ring = RingBuffer.create(ProducerType.MULTI, Slot::new, ringSlots, thread.waitStrategy());
        this.append = new AppendStage(outbox, listener, clock);
        this.commit = new CommitStage(engine, this, listener);
        var stages = new ShardLoop(append, commit, outbox, tasks);
        this.loop = new BatchEventProcessorBuilder()
                .setMaxBatchSize(Math.max(1, Math.min(MAX_TURN_SLOTS, ringSlots / 2)))
                .build(ring, ring.newBarrier(), stages);
        loop.setExceptionHandler(new FailedTurns());
        ring.addGatingSequences(loop.getSequence());
    }

    public void start() {
        thread.start(loop);
    }

    public int index() {
        return index;
    }

    /** What this shard tells event loops. Owned by the shard. */
    public Outbox outbox() {
        return outbox;
    }

    /** Fixes the order of these appends behind all that was published before, or refuses because the ring is full or the end near. */
    public boolean tryPublish(AppendGroup appends) {
        return !isClosing && ring.tryPublishEvent(Slot::fillWithAppends, appends);
    }

    /** Appends in this turn what the shard itself has to say; never refused for want of room. Called on the shard. */
    public void append(AppendGroup appends) {
        assert isCurrent();
        append.take(appends);
    }

    /** Puts what was staged in the replica into its log at the end of this turn. Called on the shard. */
    public void flush(Replica replica) {
        assert isCurrent();
        append.add(replica);
    }

    /**
     * Has the engine make durable what is not yet in the log of a replica that just began or was cut: the commit that was to do so answers
     * to whoever held the log before. Called on the shard.
     */
    void commitRest(Replica replica) {
        assert isCurrent();
        if (replica.log().offsets().durable() < replica.endOffset()) {
            commit.begin(List.of(replica));
        }
    }

    /** Runs a task on the shard, behind what was published before. */
    @Override
    public void execute(Runnable task) {
        if (isCurrent()) {
            tasks.addOwn(task);
        } else if (tasks.hasLate() || !ring.tryPublishEvent(Slot::fillWithTask, task)) {
            tasks.addLate(task, ring.getCursor());
            // An empty slot wakes the shard; if there is no room for one it is awake and will look.
            ring.tryPublishEvent(Slot::fillWithTask, (Runnable) () -> {});
        }
    }

    @Override
    public boolean isCurrent() {
        return thread.isCurrent();
    }

    /** How many slots there are. */
    public int ringSlots() {
        return ring.getBufferSize();
    }

    /** How many slots are taken. */
    public long occupancy() {
        return ring.getBufferSize() - ring.remainingCapacity();
    }

    /** Whether it takes no more appends. */
    public boolean isClosing() {
        return isClosing;
    }

    /** Runs what was published before, then ends the thread, within a bounded time. */
    @Override
    public void close() {
        isClosing = true;
        thread.end(this);
    }
}
