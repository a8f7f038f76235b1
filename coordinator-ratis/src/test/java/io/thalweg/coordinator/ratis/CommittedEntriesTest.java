package io.thalweg.coordinator.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataListener;
import io.thalweg.spi.coordination.MetadataLog;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The other voters hear at once who leads and what is committed, and not with the leader's next heartbeat: none comes in time. */
final class CommittedEntriesTest {

    /** Heartbeats are minutes apart; the first election is when all are there. */
    private static final Map<String, String> TIMEOUTS =
            Map.of("controller.quorum.fetch.timeout.ms", "600000", "controller.quorum.election.timeout.ms", "10000");

    private static final int LIMIT_SECONDS = 60;
    private static final int ENTRIES = 50;

    private final QuorumRig rig;

    CommittedEntriesTest(@TempDir Path directory) {
        rig = new QuorumRig(directory, 3, TIMEOUTS);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    /** A member and what it heard. */
    private record Voter(MetadataLog log, BlockingQueue<Long> entries, BlockingQueue<Leadership> leaders)
            implements MetadataListener, AutoCloseable {

        static Voter of(MetadataLog log) {
            var voter = new Voter(log, new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>());
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

        Leadership leader() throws InterruptedException {
            return heard(leaders.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "who leads");
        }

        long entry() throws InterruptedException {
            return heard(entries.poll(LIMIT_SECONDS, TimeUnit.SECONDS), "the next entry");
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

    @Test
    void eachVoterHearsOfTheLeaderAndOfEachEntryBeforeTheNextHeartbeat() throws Exception {
        var opened = IntStream.rangeClosed(1, 3).mapToObj(rig::open).toList();
        try (var one = Voter.of(opened.get(0));
                var two = Voter.of(opened.get(1));
                var three = Voter.of(opened.get(2))) {
            var voters = List.of(one, two, three);
            var leader = one;
            var epoch = -1;
            for (var voter : voters) {
                var told = voter.leader();
                leader = told.isLocal() ? voter : leader;
                epoch = told.epoch();
            }

            for (var i = 0; i < ENTRIES; i++) {
                var offset = leader.log()
                        .propose(epoch, List.of(ByteBuffer.wrap(new byte[] {(byte) i})))
                        .toCompletableFuture()
                        .get(LIMIT_SECONDS, TimeUnit.SECONDS);
                for (var voter : voters) {
                    assertThat(voter.entry()).as("entry " + i).isEqualTo(offset);
                }
            }
        }
    }
}
