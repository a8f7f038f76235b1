package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.TopicPartition;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OwnedPartitionsTest {

    private static final TopicPartition PARTITION = new TopicPartition("flights", 0);

    private final OwnedPartitions owned = new OwnedPartitions();

    @BeforeEach
    void own() {
        owned.add(Set.of(PARTITION), 1);
    }

    @Test
    void whatWasReadBeforeAPartitionWasLostIsNotGivenOnceItIsBack() {
        owned.revoke(Set.of(PARTITION));
        owned.forget(Set.of(PARTITION));
        owned.add(Set.of(PARTITION), 2);

        assertThat(owned.give(PARTITION, 1, 60)).isFalse();
        assertThat(owned.give(PARTITION, 2, 60)).isTrue();
    }

    @Test
    void whatTheApplicationCommitsItselfIsNotTakenBackByTheLastCommit() {
        assertThat(owned.give(PARTITION, 1, 100)).isTrue();
        owned.givenIsDone();

        owned.doneAsTold(Map.of(PARTITION, 150L));
        owned.revoke(Set.of(PARTITION));

        assertThat(owned.doneOf(Set.of(PARTITION))).isEqualTo(Map.of(PARTITION, 150L));
        owned.committed(Map.of(PARTITION, 150L));
        assertThat(owned.doneOf(Set.of(PARTITION))).isEmpty();
    }

    @Test
    void whatIsDoneOfAPartitionThatIsBeingGivenUpIsStillCommitted() {
        assertThat(owned.give(PARTITION, 1, 100)).isTrue();
        owned.revoke(Set.of(PARTITION));

        owned.givenIsDone();

        assertThat(owned.done()).isEqualTo(Map.of(PARTITION, 100L));
    }

    @Test
    void recordsDoneAfterTheirPartitionWasLostDoNotCount() {
        assertThat(owned.give(PARTITION, 1, 100)).isTrue();
        owned.revoke(Set.of(PARTITION));
        owned.forget(Set.of(PARTITION));
        owned.add(Set.of(PARTITION), 2);

        owned.done(PARTITION, 58);

        assertThat(owned.done()).isEmpty();
    }
}
