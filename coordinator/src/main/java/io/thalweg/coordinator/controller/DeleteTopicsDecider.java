package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.coordinator.record.TopicDeletionRecord;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsRequest.Topic;
import io.thalweg.protocol.message.DeleteTopicsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * DeleteTopics, key 20, versions 1-6.
 *
 * <p>Versions before 6 name topics, version 6 names them or gives their ids. Each topic is deleted or refused by itself; what is in the
 * request twice has one row, and is refused. A row about a known topic has its name and id, however it was asked for.
 */
final class DeleteTopicsDecider implements Decider<DeleteTopicsRequest, DeleteTopicsResponse> {

    private final boolean deletionEnabled;

    DeleteTopicsDecider(boolean deletionEnabled) {
        this.deletionEnabled = deletionEnabled;
    }

    @Override
    public Decision<DeleteTopicsResponse> decide(MetadataImage image, DeleteTopicsRequest request) {
        var topics = topics(request);
        var duplicates = new DuplicateTopics(topics);
        var answered = new TreeSet<String>();
        var records = new ArrayList<Message>();
        var rows = new ArrayList<DeleteTopicsResponse.Topic>();
        for (var topic : topics) {
            if (duplicates.isRefused(topic) && !answered.add(topic.name() + topic.topicId())) {
                continue;
            }
            var row = DeleteTopicsResponse.Topic.builder().name(topic.name()).topicId(topic.topicId());
            try {
                duplicates.check(topic);
                var found = find(image, topic);
                row.name(found.name()).topicId(found.id());
                duplicates.checkDeletedOnce(found);
                checkEnabled();
                records.add(new TopicDeletionRecord(found.id()));
            } catch (RefusedException e) {
                row.errorCode(e.error().code()).errorMessage(e.text());
            }
            rows.add(row.build());
        }
        return new Decision<>(
                records, DeleteTopicsResponse.builder().responses(rows).build());
    }

    private static List<Topic> topics(DeleteTopicsRequest request) {
        if (!request.topics().isEmpty()) {
            return request.topics();
        }
        return request.topicNames().stream()
                .map(name -> Topic.builder().name(name).build())
                .toList();
    }

    private static TopicImage find(MetadataImage image, Topic topic) {
        var name = topic.name();
        if (name == null && !isGiven(topic.topicId())) {
            throw new RefusedException(ErrorCode.INVALID_REQUEST, "a topic is asked for with neither name nor id");
        }
        if (name != null && isGiven(topic.topicId())) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST, "topic " + name + " is asked for by name and id: expected one of them");
        }
        if (name == null) {
            return image.topic(topic.topicId())
                    .orElseThrow(() -> new RefusedException(
                            ErrorCode.UNKNOWN_TOPIC_ID, "no topic has the id " + RandomIds.text(topic.topicId())));
        }
        return image.topic(name)
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + name + " does not exist"));
    }

    private static boolean isGiven(UUID id) {
        return !id.equals(Message.ZERO_UUID);
    }

    private void checkEnabled() {
        if (!deletionEnabled) {
            throw new RefusedException(
                    ErrorCode.TOPIC_DELETION_DISABLED, "topics cannot be deleted: delete.topic.enable is false");
        }
    }

    /** What the request has more than once; confined to one decision. */
    private static final class DuplicateTopics {

        private final SortedSet<String> names;
        private final SortedSet<UUID> ids;
        private final TreeSet<UUID> found = new TreeSet<>();

        DuplicateTopics(List<Topic> topics) {
            names = Duplicates.in(
                    topics.stream().map(Topic::name).filter(Objects::nonNull).toList());
            ids = Duplicates.in(topics.stream()
                    .map(Topic::topicId)
                    .filter(DeleteTopicsDecider::isGiven)
                    .toList());
        }

        boolean isRefused(Topic topic) {
            var name = topic.name();
            return ids.contains(topic.topicId()) || (name != null && names.contains(name));
        }

        void check(Topic topic) {
            if (isRefused(topic)) {
                throw new RefusedException(ErrorCode.INVALID_REQUEST, "the topic is in the request more than once");
            }
        }

        /** A topic may be there by name and by id. */
        void checkDeletedOnce(TopicImage topic) {
            if (!found.add(topic.id())) {
                throw new RefusedException(
                        ErrorCode.INVALID_REQUEST, "topic " + topic.name() + " is in the request by name and by id");
            }
        }
    }
}
