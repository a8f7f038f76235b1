package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.record.GroupMetadataKey;
import io.thalweg.coordinator.group.record.GroupMetadataValue;
import io.thalweg.protocol.message.JoinGroupRequest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/** Turns a group into its record and back. */
final class GroupMetadata {

    private GroupMetadata() {}

    /** What a restart has to know of the group. */
    static GroupRecord of(ClassicGroup group) {
        return new GroupRecord(
                new GroupMetadataKey(group.id()),
                GroupMetadataValue.builder()
                        .protocolType(group.protocolTypeText())
                        .generation(group.generation())
                        .protocol(group.protocolName())
                        .leader(group.leader())
                        .currentStateTimestamp(group.stateMillis())
                        .members(group.members().stream()
                                .map(member -> member(member, group))
                                .toList())
                        .build());
    }

    private static GroupMetadataValue.Member member(Member member, ClassicGroup group) {
        return GroupMetadataValue.Member.builder()
                .memberId(member.id())
                .groupInstanceId(member.instanceId())
                .clientId(member.clientId())
                .clientHost(member.clientHost())
                .rebalanceTimeout(member.rebalanceTimeoutMillis())
                .sessionTimeout(member.sessionTimeoutMillis())
                .subscription(member.metadata(group.protocolName()))
                .assignment(member.assignment())
                .build();
    }

    /** Takes the group back. */
    static GroupRecord tombstone(String groupId) {
        return new GroupRecord(new GroupMetadataKey(groupId), null);
    }

    /** The group as the record has it: stable, or empty if it has no members. */
    static ClassicGroup restore(String groupId, GroupMetadataValue value, long nowMillis) {
        var group = new ClassicGroup(groupId, nowMillis);
        for (var each : value.members()) {
            group.add(restore(each, value), value.protocolType());
        }
        group.restore(value.generation(), value.protocolType(), value.protocol(), value.leader());
        var since = value.currentStateTimestamp() == -1 ? nowMillis : value.currentStateTimestamp();
        group.moveTo(value.members().isEmpty() ? GroupState.EMPTY : GroupState.STABLE, since);
        return group;
    }

    private static Member restore(GroupMetadataValue.Member record, GroupMetadataValue group) {
        var member = new Member(record.memberId(), record.groupInstanceId(), record.clientId(), record.clientHost());
        var protocol = new JoinGroupRequest.Protocol(
                Objects.requireNonNullElse(group.protocol(), ""), copy(record.subscription()));
        var rebalanceMillis = record.rebalanceTimeout() == -1 ? record.sessionTimeout() : record.rebalanceTimeout();
        member.describe(List.of(protocol), rebalanceMillis, record.sessionTimeout());
        member.assign(copy(record.assignment()));
        return member;
    }

    private static ByteBuffer copy(ByteBuffer lent) {
        var copy = ByteBuffer.allocate(lent.remaining());
        return copy.put(lent.duplicate()).flip();
    }
}
