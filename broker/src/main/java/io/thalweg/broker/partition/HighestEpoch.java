package io.thalweg.broker.partition;

import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.PartitionLog;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The greatest leader epoch that a log knows of: of its last batch, or one that began after it and wrote nothing. */
public final class HighestEpoch {

    private HighestEpoch() {}

    /** Completes with the epoch; 0 if there is none. */
    public static CompletionStage<Integer> of(PartitionLog log, Checkpoints checkpoints) {
        var offsets = log.offsets();
        var noted = checkpoints
                .latest(PartitionState.EPOCHS, offsets.end())
                .thenApply(found -> found.flatMap(checkpoint -> EpochCheckpoint.read(checkpoint.bytes()))
                        .map(EpochHistory::latestEpoch)
                        .orElse(0));
        return noted.thenCombine(lastBatch(log), (epoch, batches) -> Math.max(Math.max(0, epoch), latestIn(batches)));
    }

    private static CompletionStage<ByteBuffer> lastBatch(PartitionLog log) {
        var offsets = log.offsets();
        return offsets.end() <= offsets.start()
                ? CompletableFuture.completedFuture(ByteBuffer.allocate(0))
                : LogCalls.read(log, offsets.end() - 1, offsets.end(), 1).thenApply(LogCalls::copyOf);
    }

    private static int latestIn(ByteBuffer batches) {
        var latest = 0;
        for (var batch : RecordBatches.in(batches)) {
            latest = Math.max(latest, batch.partitionLeaderEpoch());
        }
        return latest;
    }
}
