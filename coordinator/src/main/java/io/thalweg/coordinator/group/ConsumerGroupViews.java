package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupDescribeResponse;
import io.thalweg.protocol.message.ConsumerGroupDescribeResponse.TopicPartitions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Shows consumer groups to tools. Owned by the coordinator's event loop. */
final class ConsumerGroupViews {

    private static final byte CLASSIC_MEMBER = 0;
    private static final byte CONSUMER_MEMBER = 1;

    private final Parts parts;

    ConsumerGroupViews(Parts parts) {
        this.parts = parts;
    }

    CompletionStage<ConsumerGroupDescribeResponse.Group> describe(String groupId) {
        return parts.writes().whenSafe(group(groupId), error -> refused(groupId, error, ""));
    }

    private ConsumerGroupDescribeResponse.Group group(String groupId) {
        var known = parts.groups().find(groupId);
        if (!(known instanceof ConsumerGroup group)) {
            var what = known == null ? " not found." : " is not a consumer group.";
            return refused(groupId, ErrorCode.GROUP_ID_NOT_FOUND, "Group " + groupId + what);
        }
        var image = parts.image();
        return ConsumerGroupDescribeResponse.Group.builder()
                .groupId(groupId)
                .groupState(group.stateText())
                .groupEpoch(group.epoch())
                .assignmentEpoch(group.targetEpoch())
                .assignorName(
                        Targets.assignorOf(group, parts.config().consumers().assignors()))
                .members(group.members().stream()
                        .map(member -> member(group, member, image))
                        .toList())
                .build();
    }

    private static ConsumerGroupDescribeResponse.Member member(
            ConsumerGroup group, ConsumerMember member, MetadataImage image) {
        var said = member.subscription();
        var progress = member.progress();
        return ConsumerGroupDescribeResponse.Member.builder()
                .memberId(member.id())
                .instanceId(said.instanceId())
                .rackId(said.rackId())
                .memberEpoch(progress.epoch())
                .clientId(said.clientId())
                .clientHost(said.clientHost())
                .subscribedTopicNames(List.copyOf(said.topics()))
                .subscribedTopicRegex(said.regex())
                .assignment(assignment(progress.assigned().and(progress.revoking()), image))
                .targetAssignment(assignment(group.target(member.id()), image))
                .memberType(member.isClassic() ? CLASSIC_MEMBER : CONSUMER_MEMBER)
                .build();
    }

    /** Topics that are gone have no name to be shown with. */
    private static ConsumerGroupDescribeResponse.Assignment assignment(AssignedPartitions shown, MetadataImage image) {
        var topics = new ArrayList<TopicPartitions>();
        for (var id : shown.topics()) {
            image.topic(id)
                    .ifPresent(topic -> topics.add(new TopicPartitions(
                            id, topic.name(), List.copyOf(shown.of(id).keySet()))));
        }
        return new ConsumerGroupDescribeResponse.Assignment(topics);
    }

    private static ConsumerGroupDescribeResponse.Group refused(String groupId, ErrorCode error, String message) {
        return ConsumerGroupDescribeResponse.Group.builder()
                .errorCode(error.code())
                .errorMessage(message.isEmpty() ? null : message)
                .groupId(groupId)
                .build();
    }
}
