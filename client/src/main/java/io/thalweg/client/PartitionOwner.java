package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Whoever reads the partitions of a {@link GroupMember}. Called on the loop; must not block. */
interface PartitionOwner {

    /** These are to be given up; completes, on any thread, once they are: nothing of them is worked on, and what is done is committed. */
    CompletionStage<?> revoking(Set<TopicPartition> partitions);

    /** These are the member's from now on, to be read from these offsets on. */
    void assigned(Map<TopicPartition, Long> positions);

    /** These are gone already. */
    void lost(Set<TopicPartition> partitions);

    /** The member is out of its group for good. */
    void failed(ClientException failure);
}
