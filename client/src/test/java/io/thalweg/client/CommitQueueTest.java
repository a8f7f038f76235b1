package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.api.TopicPartition;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.transport.ConnectingLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CommitQueueTest {

    private static final TopicPartition PARTITION = new TopicPartition("flights", 0);

    private final InProcessNetwork network = InProcessNetwork.open();
    private final ConnectingLoop loop = network.openLoop("commits");
    private final ClientRuntime runtime = new ClientRuntime(loop, new MachineClock(), new Random(1));
    private final List<CompletableFuture<Set<TopicPartition>>> answers = new CopyOnWriteArrayList<>();
    private final List<Map<TopicPartition, Long>> sent = new CopyOnWriteArrayList<>();
    private final CommitQueue queue =
            new CommitQueue(runtime, new Retries(runtime, Duration.ofSeconds(60)), offsets -> {
                sent.add(offsets);
                var answer = new CompletableFuture<Set<TopicPartition>>();
                answers.add(answer);
                return answer;
            });

    @AfterEach
    void close() {
        network.close();
    }

    private void answer(int index, boolean isRefused) {
        await().until(() -> answers.size() > index);
        loop.execute(() -> {
            if (isRefused) {
                answers.get(index)
                        .completeExceptionally(
                                ClientException.answered("commit", ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, null));
            } else {
                answers.get(index).complete(Set.of());
            }
        });
    }

    private List<Long> sentOffsets() {
        var offsets = new ArrayList<Long>();
        sent.forEach(each -> offsets.addAll(each.values()));
        return offsets;
    }

    @Test
    void anOlderCommitThatIsTriedAgainDoesNotOvertakeANewerOne() {
        var older = queue.commit(() -> Map.of(PARTITION, 100L));
        await().until(() -> answers.size() == 1);
        var newer = queue.commit(() -> Map.of(PARTITION, 150L));

        answer(0, true);
        answer(1, false);
        answer(2, false);

        await().untilAsserted(() -> assertThat(newer).isCompletedWithValue(Map.of(PARTITION, 150L)));
        assertThat(older).isCompletedWithValue(Map.of(PARTITION, 100L));
        assertThat(sentOffsets()).containsExactly(100L, 100L, 150L);
    }

    @Test
    void thoseThatWaitGoTogetherAndTheLastCounts() {
        var first = queue.commit(() -> Map.of(PARTITION, 1L));
        await().until(() -> answers.size() == 1);
        var second = queue.commit(() -> Map.of(PARTITION, 2L));
        var third = queue.commit(() -> Map.of(PARTITION, 3L));

        answer(0, false);
        answer(1, false);

        await().untilAsserted(() -> assertThat(third).isCompleted());
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(sentOffsets()).containsExactly(1L, 3L);
    }

    @Test
    void onlyTheCommitsOfATopicThatIsGoneFail() {
        var other = new TopicPartition("ships", 0);
        var first = queue.commit(() -> Map.of(other, 1L));
        await().until(() -> answers.size() == 1);
        var gone = queue.commit(() -> Map.of(PARTITION, 1L));
        var both = queue.commit(() -> Map.of(PARTITION, 1L, other, 2L));
        var kept = queue.commit(() -> Map.of(other, 3L));

        answer(0, false);
        await().until(() -> answers.size() == 2);
        loop.execute(() -> answers.get(1).complete(Set.of(PARTITION)));

        await().untilAsserted(() -> assertThat(kept).isCompletedWithValue(Map.of(other, 3L)));
        assertThat(first).isCompleted();
        assertThat(gone).isCompletedExceptionally();
        assertThat(both).isCompletedExceptionally();
        assertThat(answers).hasSize(2);
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsNotTriedAgain() {
        var late = queue.commit(() -> Map.of(PARTITION, 1L));
        await().until(() -> answers.size() == 1);
        late.cancel(false);
        var next = queue.commit(() -> Map.of(PARTITION, 2L));

        answer(0, true);
        answer(1, false);

        await().untilAsserted(() -> assertThat(next).isCompleted());
        assertThat(sentOffsets()).containsExactly(1L, 2L);
    }

    @Test
    void oneThatMayNotBeCommittedDoesNotKeepTheOthersFromIt() {
        var first = queue.commit(() -> Map.of(PARTITION, 1L));
        await().until(() -> answers.size() == 1);
        var refused = queue.commit(() -> {
            throw new IllegalStateException("not owned");
        });
        var other = queue.commit(() -> Map.of(PARTITION, 2L));

        answer(0, false);
        answer(1, false);

        await().untilAsserted(() -> assertThat(other).isCompleted());
        assertThat(first).isCompleted();
        assertThat(refused).isCompletedExceptionally();
        assertThat(sentOffsets()).containsExactly(1L, 2L);
    }
}
