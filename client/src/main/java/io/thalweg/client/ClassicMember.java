package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.Set;

/**
 * What a member of a classic group tells the one that assigns.
 *
 * @param name by which members are put in order: that of a static member stays when it restarts
 * @param topics what it wants to read
 * @param claimed what is its own, or on the way to it
 * @param generation that the claim is from
 */
record ClassicMember(String id, String name, Set<String> topics, Set<TopicPartition> claimed, int generation) {

    ClassicMember {
        topics = Set.copyOf(topics);
        claimed = Set.copyOf(claimed);
    }
}
