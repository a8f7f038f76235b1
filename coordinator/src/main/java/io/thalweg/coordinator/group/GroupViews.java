package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import io.thalweg.protocol.message.ListGroupsRequest;
import io.thalweg.protocol.message.ListGroupsResponse;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** Shows groups to tools. Owned by the coordinator's event loop. */
final class GroupViews {

    private static final short NOT_FOUND_VERSION = 6;

    private final Parts parts;

    GroupViews(Parts parts) {
        this.parts = parts;
    }

    /** The groups that pass the request's filters; an empty filter lets all pass. */
    CompletionStage<ListGroupsResponse> list(ListGroupsRequest request) {
        var answer = ListGroupsResponse.builder().groups(groups(request)).build();
        return parts.writes()
                .whenSafe(
                        answer,
                        error -> ListGroupsResponse.builder()
                                .errorCode(error.code())
                                .build());
    }

    private List<ListGroupsResponse.Group> groups(ListGroupsRequest request) {
        return parts.groups().all().stream()
                .filter(group -> passes(group.typeText(), request.typesFilter()))
                .filter(group -> passes(group.stateText(), request.statesFilter()))
                .map(group -> ListGroupsResponse.Group.builder()
                        .groupId(group.id())
                        .protocolType(group.protocolTypeText())
                        .groupState(group.stateText())
                        .groupType(group.typeText())
                        .build())
                .toList();
    }

    private static boolean passes(String value, List<String> filter) {
        return filter.isEmpty() || filter.stream().anyMatch(value::equalsIgnoreCase);
    }

    CompletionStage<DescribeGroupsResponse.Group> describe(String groupId, short version) {
        return parts.writes().whenSafe(group(groupId, version), error -> refused(groupId, error));
    }

    private DescribeGroupsResponse.Group group(String groupId, short version) {
        var known = parts.groups().find(groupId);
        if (!(known instanceof ClassicGroup group)) {
            var what = known == null ? " not found." : " is not a classic group.";
            return absent(groupId, "Group " + groupId + what, version);
        }
        var isStable = group.is(GroupState.STABLE);
        return DescribeGroupsResponse.Group.builder()
                .groupId(groupId)
                .groupState(group.state().text())
                .protocolType(group.protocolTypeText())
                .protocolData(isStable ? Objects.requireNonNullElse(group.protocolName(), "") : "")
                .members(group.members().stream()
                        .map(member -> member(group, member, isStable))
                        .toList())
                .build();
    }

    private static DescribeGroupsResponse.Member member(ClassicGroup group, Member member, boolean isStable) {
        return DescribeGroupsResponse.Member.builder()
                .memberId(member.id())
                .groupInstanceId(member.instanceId())
                .clientId(member.clientId())
                .clientHost(member.clientHost())
                .memberMetadata(isStable ? member.metadata(group.protocolName()) : Message.NO_BYTES)
                .memberAssignment(member.assignment())
                .build();
    }

    private static DescribeGroupsResponse.Group absent(String groupId, String message, short version) {
        var builder = DescribeGroupsResponse.Group.builder().groupId(groupId).groupState(GroupState.DEAD.text());
        return version < NOT_FOUND_VERSION
                ? builder.build()
                : builder.errorCode(ErrorCode.GROUP_ID_NOT_FOUND.code())
                        .errorMessage(message)
                        .build();
    }

    private static DescribeGroupsResponse.Group refused(String groupId, ErrorCode error) {
        return DescribeGroupsResponse.Group.builder()
                .groupId(groupId)
                .errorCode(error.code())
                .build();
    }
}
