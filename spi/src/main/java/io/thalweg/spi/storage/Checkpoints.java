package io.thalweg.spi.storage;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The checkpoints of one log, by name and offset.
 *
 * <p><b>Threads.</b> Any thread; calls about one name come one at a time. None waits for the disk; stages complete as those of
 * {@link PartitionLog} do.
 *
 * <p><b>Ownership.</b> A buffer is lent until the save completes (CHECKPOINT-1).
 *
 * <p><b>Ordering.</b> A completed save is seen by every later call, also after a crash (CHECKPOINT-2). Of a name the two with the
 * greatest offsets are kept, whenever they were saved; others may go (CHECKPOINT-3).
 *
 * <p><b>Errors.</b> Stages fail with {@link StorageException}. A note that is damaged or half-written is as if it were not there
 * (CHECKPOINT-4).
 *
 * <p><b>Close.</b> Closes with its engine.
 */
public interface Checkpoints {

    /** Completes once the note is durable; it replaces one of the same name and offset. */
    CompletionStage<Void> save(Checkpoint checkpoint);

    /** The note of this name with the greatest offset at or below the given one. */
    CompletionStage<Optional<Checkpoint>> latest(String name, long atMost);

    /** Completes once no note of any name with an offset above the given one is left; for truncation. */
    CompletionStage<Void> removeAbove(long offset);
}
