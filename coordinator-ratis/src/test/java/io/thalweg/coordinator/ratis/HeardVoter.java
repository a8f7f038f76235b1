package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A member of a quorum, and what it hears of the log. */
record HeardVoter(MetadataLog log, BlockingQueue<Long> entries, BlockingQueue<Leadership> leaders)
        implements MetadataListener, AutoCloseable {

    private static final int LIMIT_SECONDS = 60;

    static HeardVoter of(MetadataLog log) {
        var voter = new HeardVoter(log, new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>());
        log.subscribe(voter);
        return voter;
    }

    @Override
    public void snapshot(long endOffset, List<ByteBuffer> records) {}

    @Override
    public void committed(long offset, List<ByteBuffer> records) {
        entries.add(offset);
    }

    @Override
    public void leadership(Leadership leadership) {
        if (leadership.leaderId().isPresent()) {
            leaders.add(leadership);
        }
    }

    /** The next leader it hears of. */
    Leadership leader() throws InterruptedException {
        return heard(leaders.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "who leads");
    }

    /** The next entry it hears of. */
    long entry() throws InterruptedException {
        return heard(entries.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "the next entry");
    }

    /** Has an entry committed, by the leader of that epoch. */
    long propose(int epoch) throws Exception {
        return log.propose(epoch, List.of(ByteBuffer.wrap(new byte[] {1})))
                .toCompletableFuture()
                .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static <T> T heard(@Nullable T found, String what) {
        assertThat(found).as(what).isNotNull();
        return Objects.requireNonNull(found);
    }

    @Override
    public void close() {
        log.close();
    }
}
