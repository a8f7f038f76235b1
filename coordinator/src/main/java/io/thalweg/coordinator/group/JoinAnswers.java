package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.util.List;
import java.util.Objects;

/** What members hear when they join and sync. */
final class JoinAnswers {

    private JoinAnswers() {}

    static JoinGroupResponse refused(String memberId, ErrorCode error) {
        return JoinGroupResponse.builder()
                .errorCode(error.code())
                .protocolName(null)
                .memberId(memberId)
                .build();
    }

    /** The generation as it is; its leader hears of all members. */
    static JoinGroupResponse generation(ClassicGroup group, Member member) {
        var isLeader = group.isLeader(member.id());
        return ofGeneration(group, member)
                .leader(Objects.requireNonNullElse(group.leader(), ""))
                .members(isLeader ? members(group) : List.of())
                .build();
    }

    /**
     * The generation for a static member that came back while the group was stable: it keeps its assignment. A leader that does not know
     * of KIP-814 would assign anew; it hears the leader's former id instead, so that it does not take itself for it.
     */
    static JoinGroupResponse unchanged(ClassicGroup group, Member member, boolean knowsSkipping, String formerLeader) {
        if (!knowsSkipping) {
            return ofGeneration(group, member).leader(formerLeader).build();
        }
        var isLeader = group.isLeader(member.id());
        return ofGeneration(group, member)
                .leader(Objects.requireNonNullElse(group.leader(), ""))
                .members(isLeader ? members(group) : List.of())
                .skipAssignment(isLeader)
                .build();
    }

    private static JoinGroupResponse.Builder ofGeneration(ClassicGroup group, Member member) {
        return JoinGroupResponse.builder()
                .generationId(group.generation())
                .protocolType(group.protocolType())
                .protocolName(group.protocolName())
                .memberId(member.id());
    }

    private static List<JoinGroupResponse.Member> members(ClassicGroup group) {
        return group.members().stream()
                .map(member -> new JoinGroupResponse.Member(
                        member.id(), member.instanceId(), member.metadata(group.protocolName())))
                .toList();
    }

    static SyncGroupResponse refused(ErrorCode error) {
        return SyncGroupResponse.builder().errorCode(error.code()).build();
    }

    static SyncGroupResponse assignment(ClassicGroup group, Member member) {
        return SyncGroupResponse.builder()
                .protocolType(group.protocolType())
                .protocolName(group.protocolName())
                .assignment(member.assignment())
                .build();
    }
}
