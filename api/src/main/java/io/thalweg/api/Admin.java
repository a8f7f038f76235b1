package io.thalweg.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Looks after topics, groups and the cluster. A change completes once every broker that answers shows it, so that what follows need not
 * wait or try again.
 *
 * <p><b>Threads.</b> Any thread may call; stages complete on the client's thread.
 *
 * <p><b>Errors.</b> Stages fail with {@link ThalwegException}; what fails for a passing reason is tried again, {@link
 * ClientConfig#retryTimeout} at most.
 */
public interface Admin {

    /** Creates the topic; fails with {@link ThalwegException.AlreadyExists} if there is one of its name. */
    CompletionStage<Void> createTopic(NewTopic topic);

    /** Deletes the topic with its records. */
    CompletionStage<Void> deleteTopic(String name);

    /** Gives the topic more partitions, this many in all. Keys may belong to other partitions from then on. */
    CompletionStage<Void> raisePartitions(String name, int partitions);

    /** Sets these configs of the topic, or has it go by its broker's again where the value is empty; others stay. */
    CompletionStage<Void> changeConfig(String name, Map<String, Optional<String>> changes);

    /** The topics there are, by name, without offsets and configs. */
    CompletionStage<List<TopicDescription>> topics();

    /** The topic with its offsets and configs; fails with {@link ThalwegException.NotFound} if there is none. */
    CompletionStage<TopicDescription> topic(String name);

    /** The offset of each position. */
    CompletionStage<Map<TopicPartition, Long>> offsets(Map<TopicPartition, StartPosition> positions);

    /** The groups there are, by name. */
    CompletionStage<List<GroupListing>> groups();

    /** The group with its members and committed offsets; {@link GroupDescription#exists} says whether there is one. */
    CompletionStage<GroupDescription> group(String groupId);

    /** Commits offsets for a group that has no members: the next ones begin there. */
    CompletionStage<Void> commitOffsets(String groupId, Map<TopicPartition, Long> offsets);

    /** Deletes a group that has no members, with its offsets. */
    CompletionStage<Void> deleteGroup(String groupId);

    /** The cluster and its brokers. */
    CompletionStage<ClusterDescription> cluster();
}
