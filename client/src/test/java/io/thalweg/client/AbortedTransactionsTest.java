package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.message.FetchResponse.AbortedTransaction;
import io.thalweg.protocol.record.EndTransactionMarker;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AbortedTransactionsTest {

    private static final long ONE = 1;
    private static final long OTHER = 2;
    private static final short EPOCH = 0;

    private final List<RecordBatch> log = new ArrayList<>();

    /** Batches have one record each, so that offsets count them. */
    private void written(long producerId) {
        add(new RecordBatchBuilder(1_000).producer(producerId, EPOCH, 0).transactional());
    }

    private void writtenWithoutTransaction(long producerId) {
        add(new RecordBatchBuilder(1_000).producer(producerId, EPOCH, 0));
    }

    private void add(RecordBatchBuilder builder) {
        builder.append(1_000, null, ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)));
        add(builder.build());
    }

    private void ended(long producerId, boolean isCommit) {
        add(new EndTransactionMarker(isCommit, 0).toBatch(1_000, producerId, EPOCH));
    }

    private void add(ByteBuffer bytes) {
        var batch = RecordBatch.at(bytes, 0);
        batch.assignOffsets(log.size());
        log.add(batch);
    }

    private List<Long> read(AbortedTransaction... aborted) {
        var transactions = new AbortedTransactions(List.of(aborted));
        var read = new ArrayList<Long>();
        for (var batch : log) {
            if (!transactions.leavesOut(batch) && !batch.isControl()) {
                read.add(batch.baseOffset());
            }
        }
        return read;
    }

    @Test
    void whatWasAbortedIsLeftOutUpToItsMarker() {
        written(ONE);
        written(ONE);
        ended(ONE, false);
        written(ONE);
        ended(ONE, true);

        assertThat(read(new AbortedTransaction(ONE, 0))).containsExactly(3L);
    }

    @Test
    void transactionsOfOthersBetweenAreRead() {
        written(ONE);
        written(OTHER);
        ended(OTHER, true);
        written(ONE);
        written(OTHER);
        ended(ONE, false);
        ended(OTHER, true);

        assertThat(read(new AbortedTransaction(ONE, 0))).containsExactly(1L, 4L);
    }

    @Test
    void aTransactionIsAbortedOnlyFromItsFirstOffsetOn() {
        written(ONE);
        ended(ONE, true);
        written(ONE);
        ended(ONE, false);

        assertThat(read(new AbortedTransaction(ONE, 2))).containsExactly(0L);
    }

    @Test
    void theOrderOfTheAnswerDoesNotMatter() {
        written(ONE);
        ended(ONE, false);
        written(OTHER);
        ended(OTHER, false);
        written(ONE);
        ended(ONE, true);

        assertThat(read(new AbortedTransaction(OTHER, 2), new AbortedTransaction(ONE, 0)))
                .containsExactly(4L);
    }

    @Test
    void whatIsWrittenWithoutATransactionIsRead() {
        written(ONE);
        writtenWithoutTransaction(ONE);
        ended(ONE, false);

        assertThat(read(new AbortedTransaction(ONE, 0))).containsExactly(1L);
    }

    @Test
    void nothingIsLeftOutWhereNothingIsNamed() {
        written(ONE);
        ended(ONE, false);

        assertThat(read()).containsExactly(0L);
    }
}
