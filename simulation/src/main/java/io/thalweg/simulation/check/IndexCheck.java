package io.thalweg.simulation.check;

import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** I31: asks a log for an offset and for a time that are in it, and compares the answers with what a scan finds. Owned by the scheduler. */
public final class IndexCheck {

    /** One of so many times when it might be asked. */
    private static final int OCCASIONS = 16;

    private final int node;
    private final Journal journal;
    private final Random random;
    private final boolean areTimesSure;

    /**
     * A check of the logs of a node.
     *
     * @param areTimesSure whether it has to find times; one that is wrong in an index nothing may show
     */
    public IndexCheck(int node, Journal journal, Random random, boolean areTimesSure) {
        this.node = node;
        this.journal = journal;
        this.random = random;
        this.areTimesSure = areTimesSure;
    }

    /** Whether to ask now. */
    boolean isDue() {
        return random.nextInt(OCCASIONS) == 0;
    }

    /**
     * Asks. An answer that cannot be had says nothing.
     *
     * @param held all batches of the log, in their order
     * @param isAsItWas whether those are still in it when the answer comes
     */
    CompletionStage<?> ask(LogId id, PartitionLog log, List<BatchNote> held, BooleanSupplier isAsItWas) {
        if (held.isEmpty()) {
            return CompletableFuture.completedStage(held);
        }
        var sought = held.get(random.nextInt(held.size()));
        var offset = sought.baseOffset() + random.nextLong(1 + sought.lastOffset() - sought.baseOffset());
        var byOffset = log.read(offset, held.get(held.size() - 1).lastOffset() + 1, 1)
                .whenComplete((slice, failure) -> {
                    if (failure == null) {
                        var found = firstOf(slice);
                        if (isAsItWas.getAsBoolean()) {
                            compare(id, "offset " + offset, OptionalLong.of(sought.baseOffset()), found);
                        }
                    }
                });
        var time = sought.maxTimestamp() + random.nextInt(3) - 1;
        var start = log.offsets().start();
        var expected = held.stream()
                .filter(note -> note.maxTimestamp() >= time)
                .mapToLong(note -> Math.max(start, note.baseOffset()))
                .findFirst();
        var byTime = log.find(time).whenComplete((found, failure) -> {
            // One that has come since may be the first of so late a time.
            if (failure == null && areTimesSure && isAsItWas.getAsBoolean() && expected.isPresent()) {
                compare(id, "time " + time, expected, found);
            }
        });
        return byOffset.<Object>handle((slice, failure) -> held)
                .thenCombine(byTime.handle((found, failure) -> held), (one, other) -> one);
    }

    private void compare(LogId id, String sought, OptionalLong expected, OptionalLong found) {
        if (!found.equals(expected)) {
            journal.violated(
                    "I31",
                    "node " + node + " finds " + sought + " of " + id + " in the batch at " + found + ": a scan at "
                            + expected);
        }
    }

    private static OptionalLong firstOf(LogSlice slice) {
        try (slice) {
            var batches = RecordBatches.in(slice.toBuffer()).iterator();
            return batches.hasNext() ? OptionalLong.of(batches.next().baseOffset()) : OptionalLong.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
