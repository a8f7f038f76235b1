package io.thalweg.client;

import io.thalweg.api.DeliveryGuarantee;
import io.thalweg.api.Isolation;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Subscription;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Commits the offsets of a member of a group, and finds where it goes on. Owned by the loop. */
final class MemberOffsets {

    private static final int NO_EPOCH = -1;
    private static final short STABLE_VERSION = 7;
    private static final short GROUPS_VERSION = 8;

    private final CoordinatorLink link;
    private final MetadataCache metadata;
    private final OffsetLookup lookup;
    private final StartPosition start;
    private final boolean keepsStart;
    private final boolean readsCommitted;

    /**
     * A start that moves on is kept by committing it, so that whoever owns a partition next goes on there. Who reads what is committed
     * waits for the offsets of transactions that have not ended.
     */
    MemberOffsets(CoordinatorLink link, MetadataCache metadata, OffsetLookup lookup, Subscription<?, ?> subscription) {
        this.link = link;
        this.metadata = metadata;
        this.lookup = lookup;
        this.start = subscription.start();
        this.keepsStart = start.kind() != StartPosition.Kind.BEGINNING
                && subscription.guarantee() != DeliveryGuarantee.BY_APPLICATION;
        this.readsCommitted = subscription.reader().isolation() == Isolation.READ_COMMITTED;
    }

    /**
     * Who commits or asks.
     *
     * @param epoch of the member, or the generation of a classic group, whose offsets anybody may ask for
     */
    record Identity(String memberId, int epoch, @Nullable String instanceId, boolean isClassic) {

        static Identity ofConsumer(String memberId, int epoch) {
            return new Identity(memberId, epoch, null, false);
        }

        static Identity ofClassic(String memberId, int generation, @Nullable String instanceId) {
            return new Identity(memberId, generation, instanceId, true);
        }
    }

    /** Where the member goes on: what is committed, else where the subscription starts. */
    CompletableFuture<Map<TopicPartition, Long>> positions(Identity member, Collection<TopicPartition> partitions) {
        return committed(member, partitions).thenCompose(committed -> {
            var missing = new LinkedHashMap<TopicPartition, StartPosition>();
            partitions.stream().filter(each -> !committed.containsKey(each)).forEach(each -> missing.put(each, start));
            return lookup.resolve(missing)
                    .thenCompose(started -> kept(member, started))
                    .thenApply(started -> {
                        var all = new LinkedHashMap<>(committed);
                        all.putAll(started);
                        return all;
                    });
        });
    }

    private CompletableFuture<Map<TopicPartition, Long>> kept(Identity member, Map<TopicPartition, Long> started) {
        return started.isEmpty() || !keepsStart
                ? CompletableFuture.completedFuture(started)
                : commit(member, started, Map.of()).thenApply(gone -> started);
    }

    private CompletableFuture<Map<TopicPartition, Long>> committed(
            Identity member, Collection<TopicPartition> partitions) {
        var byTopic = new LinkedHashMap<String, List<Integer>>();
        partitions.forEach(each -> byTopic.computeIfAbsent(each.topic(), topic -> new ArrayList<>())
                .add(each.partition()));
        var topics = byTopic.entrySet().stream()
                .map(topic -> OffsetFetchRequest.GroupTopic.builder()
                        .name(topic.getKey())
                        .topicId(topicId(topic.getKey()))
                        .partitionIndexes(topic.getValue())
                        .build())
                .toList();
        var group = OffsetFetchRequest.Group.builder()
                .groupId(link.groupId())
                .memberId(member.isClassic() ? null : member.memberId())
                .memberEpoch(member.isClassic() ? NO_EPOCH : member.epoch())
                .topics(topics)
                .build();
        return link.call(ApiKey.OFFSET_FETCH, OffsetFetchResponse.class, version -> request(version, group, byTopic))
                .thenApply(answer -> answer.groups().isEmpty()
                        ? committed(answer)
                        : committed(answer.groups().get(0), names(byTopic.keySet())));
    }

    /** Of one group by itself, as older brokers know it, or of one of several. */
    private OffsetFetchRequest request(
            short version, OffsetFetchRequest.Group group, Map<String, List<Integer>> byTopic) {
        var request = OffsetFetchRequest.builder().requireStable(readsCommitted && version >= STABLE_VERSION);
        return version >= GROUPS_VERSION
                ? request.groups(List.of(group)).build()
                : request.groupId(link.groupId())
                        .topics(byTopic.entrySet().stream()
                                .map(topic -> new OffsetFetchRequest.Topic(topic.getKey(), topic.getValue()))
                                .toList())
                        .build();
    }

    private UUID topicId(String topic) {
        var image = metadata.image().topics().get(topic);
        return image == null ? Message.ZERO_UUID : image.id();
    }

    private Map<UUID, String> names(Collection<String> topics) {
        var names = new HashMap<UUID, String>();
        topics.forEach(topic -> names.put(topicId(topic), topic));
        return names;
    }

    private Map<TopicPartition, Long> committed(OffsetFetchResponse answer) {
        link.expectNone("offsets of group " + link.groupId(), answer.errorCode());
        var committed = new LinkedHashMap<TopicPartition, Long>();
        for (var topic : answer.topics()) {
            for (var each : topic.partitions()) {
                link.expectNone("offsets of group " + link.groupId() + " in topic " + topic.name(), each.errorCode());
                if (each.committedOffset() >= 0) {
                    committed.put(new TopicPartition(topic.name(), each.partitionIndex()), each.committedOffset());
                }
            }
        }
        return committed;
    }

    private Map<TopicPartition, Long> committed(OffsetFetchResponse.Group group, Map<UUID, String> names) {
        link.expectNone("offsets of group " + link.groupId(), group.errorCode());
        var committed = new LinkedHashMap<TopicPartition, Long>();
        for (var topic : group.topics()) {
            var name = topic.name().isEmpty() ? names.getOrDefault(topic.topicId(), "") : topic.name();
            for (var each : topic.partitions()) {
                link.expectNone("offsets of group " + link.groupId() + " in topic " + name, each.errorCode());
                if (each.committedOffset() >= 0) {
                    committed.put(new TopicPartition(name, each.partitionIndex()), each.committedOffset());
                }
            }
        }
        return committed;
    }

    /**
     * Commits once; the ids are those of the topics that were read, where they are not those known now. Completes with what was not
     * committed because its topic is gone: nobody will go on there.
     */
    CompletableFuture<Set<TopicPartition>> commit(
            Identity member, Map<TopicPartition, Long> offsets, Map<TopicPartition, UUID> topicIds) {
        var ids = new HashMap<String, UUID>();
        offsets.keySet().forEach(each -> ids.put(each.topic(), topicId(each.topic())));
        topicIds.forEach((partition, id) -> ids.put(partition.topic(), id));
        var byTopic = new LinkedHashMap<String, List<OffsetCommitRequest.Partition>>();
        offsets.forEach((partition, offset) -> byTopic.computeIfAbsent(partition.topic(), first -> new ArrayList<>())
                .add(OffsetCommitRequest.Partition.builder()
                        .partitionIndex(partition.partition())
                        .committedOffset(offset)
                        .build()));
        var topics = byTopic.entrySet().stream()
                .map(topic -> OffsetCommitRequest.Topic.builder()
                        .name(topic.getKey())
                        .topicId(ids.getOrDefault(topic.getKey(), Message.ZERO_UUID))
                        .partitions(topic.getValue())
                        .build())
                .toList();
        return link.call(
                        ApiKey.OFFSET_COMMIT,
                        OffsetCommitResponse.class,
                        version -> OffsetCommitRequest.builder()
                                .groupId(link.groupId())
                                .memberId(member.memberId())
                                .generationIdOrMemberEpoch(member.epoch())
                                .groupInstanceId(member.instanceId())
                                .topics(topics)
                                .build())
                .thenApply(answer -> gone(answer, ids));
    }

    /** A coordinator that has just started may not know a topic yet: as long as the client does it is tried again, and looked for. */
    private Set<TopicPartition> gone(OffsetCommitResponse answer, Map<String, UUID> ids) {
        var names = new HashMap<UUID, String>();
        ids.forEach((name, id) -> names.put(id, name));
        var gone = new LinkedHashSet<TopicPartition>();
        for (var topic : answer.topics()) {
            var name = topic.name().isEmpty() ? names.getOrDefault(topic.topicId(), "") : topic.name();
            for (var each : topic.partitions()) {
                if (isUnknownTopic(each.errorCode()) && !isKnown(name, ids.getOrDefault(name, Message.ZERO_UUID))) {
                    gone.add(new TopicPartition(name, each.partitionIndex()));
                } else {
                    link.expectNone("commit of group " + link.groupId() + " for topic " + name, each.errorCode());
                }
            }
        }
        return gone;
    }

    private static boolean isUnknownTopic(short errorCode) {
        return errorCode == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()
                || errorCode == ErrorCode.UNKNOWN_TOPIC_ID.code();
    }

    private boolean isKnown(String topic, UUID id) {
        metadata.refresh(topic);
        return metadata.image()
                .topic(topic)
                .filter(image -> image.id().equals(id))
                .isPresent();
    }
}
