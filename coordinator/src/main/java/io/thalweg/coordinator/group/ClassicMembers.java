package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Answers members of the classic protocol in a group of the consumer protocol: the broker assigns, and to such a member each epoch is
 * a generation, of which it is told to join again. Owned by the coordinator's event loop.
 */
final class ClassicMembers {

    private static final short REQUIRES_KNOWN_ID_VERSION = 4;

    private final Parts parts;
    private final ConsumerSteps steps;
    private final ConsumerLife life;
    private final RandomGenerator random;

    ClassicMembers(Parts parts, ConsumerSteps steps, ConsumerLife life, RandomGenerator random) {
        this.parts = parts;
        this.steps = steps;
        this.life = life;
        this.random = random;
    }

    /** Completes when the member's next step is safe. */
    CompletionStage<JoinGroupResponse> join(ConsumerGroup group, JoinGroupRequest request, Caller caller) {
        try {
            return joinOrThrow(group, request, caller);
        } catch (GroupRefusedException e) {
            return CompletableFuture.completedFuture(JoinAnswers.refused(request.memberId(), e.error()));
        } catch (MalformedMessageException e) {
            return CompletableFuture.completedFuture(
                    JoinAnswers.refused(request.memberId(), ErrorCode.INCONSISTENT_GROUP_PROTOCOL));
        }
    }

    private CompletionStage<JoinGroupResponse> joinOrThrow(
            ConsumerGroup group, JoinGroupRequest request, Caller caller) {
        if (parts.config().consumers().migration() == GroupConfig.Migration.DISABLED) {
            throw new GroupRefusedException(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "group migration is disabled");
        }
        var isUnknown = request.memberId().isEmpty();
        var memberId = isUnknown ? ConsumerHeartbeats.randomId(random) : request.memberId();
        ConsumerChecks.checkRoom(group, memberId, parts.config().consumers().maxSize());
        checkProtocols(group, request);
        if (isUnknown && request.groupInstanceId() == null && caller.version() >= REQUIRES_KNOWN_ID_VERSION) {
            return CompletableFuture.completedFuture(JoinAnswers.refused(memberId, ErrorCode.MEMBER_ID_REQUIRED));
        }
        var said = EmbeddedProtocol.subscription(request.protocols().get(0).metadata(), parts.image());
        var draft = new Draft(group);
        var former = admit(draft, memberId, request.groupInstanceId(), isUnknown);
        var member = steps.advance(draft, former, spoken(former, request, caller, said), true, said.owned());
        var answer = JoinGroupResponse.builder()
                .memberId(memberId)
                .generationId(member.epoch())
                .protocolType("consumer")
                .protocolName(request.protocols().get(0).name())
                .build();
        var written = parts.writes().append(draft.records());
        life.joinedClassic(group.id(), member);
        return written.handle(
                (nothing, failure) -> failure == null ? answer : JoinAnswers.refused(memberId, Writes.codeOf(failure)));
    }

    /** Somebody of the classic protocol has to be able to lead all of them once the others have gone. */
    private static void checkProtocols(ConsumerGroup group, JoinGroupRequest request) {
        var isSupported = request.protocolType().equals("consumer")
                && request.protocols().stream().anyMatch(protocol -> isSupportedByAll(group, protocol.name()));
        if (!isSupported) {
            throw new GroupRefusedException(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "protocols are not supported");
        }
    }

    private static boolean isSupportedByAll(ConsumerGroup group, String protocol) {
        return group.members().stream()
                .map(member -> member.subscription().classic())
                .allMatch(terms -> terms == null
                        || terms.protocols().stream()
                                .anyMatch(each -> each.name().equals(protocol)));
    }

    private ConsumerMember admit(Draft draft, String memberId, @Nullable String instanceId, boolean isUnknown) {
        var group = draft.group();
        if (instanceId == null) {
            var known = group.member(memberId);
            return known == null ? ConsumerMember.unheardOf(memberId) : known;
        }
        if (!isUnknown) {
            return ConsumerChecks.staticMember(group, memberId, instanceId);
        }
        var holder = group.staticMember(instanceId);
        return holder == null ? ConsumerMember.unheardOf(memberId) : life.replace(draft, holder, memberId);
    }

    private static MemberSubscription spoken(
            ConsumerMember former, JoinGroupRequest request, Caller caller, EmbeddedProtocol.Subscription said) {
        var rebalanceMillis = request.rebalanceTimeoutMillis();
        return new MemberSubscription(
                request.groupInstanceId(),
                former.subscription().rackId(),
                caller.clientId(),
                caller.clientHost(),
                said.topics(),
                "",
                rebalanceMillis < 0 ? request.sessionTimeoutMillis() : rebalanceMillis,
                former.subscription().assignor(),
                Migrations.terms(request.sessionTimeoutMillis(), request.protocols()));
    }

    /** Completes with what the member has. */
    CompletionStage<SyncGroupResponse> sync(ConsumerGroup group, SyncGroupRequest request) {
        try {
            var member = member(group, request.memberId(), request.groupInstanceId(), request.generationId());
            var terms = terms(member);
            checkProtocol(request, terms.protocols().get(0).name());
            var isBehind = group.targetEpoch() > member.epoch()
                    && member.progress().state() != MemberState.UNREVOKED_PARTITIONS;
            if (isBehind) {
                life.expectJoin(group.id(), member);
                throw new GroupRefusedException(ErrorCode.REBALANCE_IN_PROGRESS, "a newer epoch has begun");
            }
            life.syncedClassic(group.id(), member);
            var answer = SyncGroupResponse.builder()
                    .protocolType(request.protocolType())
                    .protocolName(request.protocolName())
                    .assignment(EmbeddedProtocol.assignment(
                            member.progress().assigned(), Migrations.version(terms), parts.image()))
                    .build();
            return parts.writes().whenSafe(answer, JoinAnswers::refused);
        } catch (GroupRefusedException e) {
            return CompletableFuture.completedFuture(JoinAnswers.refused(e.error()));
        }
    }

    private static void checkProtocol(SyncGroupRequest request, String name) {
        var isSame = (request.protocolType() == null || request.protocolType().equals("consumer"))
                && (request.protocolName() == null || request.protocolName().equals(name));
        if (!isSame) {
            throw new GroupRefusedException(ErrorCode.INCONSISTENT_GROUP_PROTOCOL, "another protocol was agreed on");
        }
    }

    private static MemberSubscription.ClassicTerms terms(ConsumerMember member) {
        var terms = member.subscription().classic();
        if (terms == null) {
            throw new GroupRefusedException(
                    ErrorCode.UNKNOWN_MEMBER_ID, "Member " + member.id() + " does not use the classic protocol.");
        }
        return terms;
    }

    private static ConsumerMember member(
            ConsumerGroup group, String memberId, @Nullable String instanceId, int generation) {
        var member = instanceId == null
                ? ConsumerChecks.member(group, memberId)
                : ConsumerChecks.staticMember(group, memberId, instanceId);
        terms(member);
        if (member.epoch() != generation) {
            throw new GroupRefusedException(ErrorCode.ILLEGAL_GENERATION, "the member is in epoch " + member.epoch());
        }
        return member;
    }

    /** What a member hears that says it is there: to join again, when there is something for it to do. */
    ErrorCode heartbeat(ConsumerGroup group, HeartbeatRequest request) {
        try {
            var member = member(group, request.memberId(), request.groupInstanceId(), request.generationId());
            life.extend(group.id(), member);
            if (!hasNextStep(group, member)) {
                return ErrorCode.NONE;
            }
            life.expectJoin(group.id(), member);
            return ErrorCode.REBALANCE_IN_PROGRESS;
        } catch (GroupRefusedException e) {
            return e.error();
        }
    }

    private static boolean hasNextStep(ConsumerGroup group, ConsumerMember member) {
        return member.epoch() < group.targetEpoch()
                || switch (member.progress().state()) {
                    case STABLE, UNKNOWN -> false;
                    case UNREVOKED_PARTITIONS -> true;
                    case UNRELEASED_PARTITIONS -> !waitsForOthers(group, member);
                };
    }

    private static boolean waitsForOthers(ConsumerGroup group, ConsumerMember member) {
        return !group.target(member.id())
                .where((topic, partition) -> !member.progress().assigned().contains(topic, partition)
                        && group.owner(topic, partition) != null)
                .isEmpty();
    }

    /** Lets members out; tells what became of each. */
    List<LeaveGroupResponse.Member> leave(ConsumerGroup group, List<LeaveGroupRequest.Member> members) {
        var leaving = new ArrayList<ConsumerMember>();
        var rows = new ArrayList<LeaveGroupResponse.Member>();
        for (var each : members) {
            var error = ErrorCode.NONE;
            try {
                leaving.add(leaving(group, each));
            } catch (GroupRefusedException e) {
                error = e.error();
            }
            rows.add(new LeaveGroupResponse.Member(each.memberId(), each.groupInstanceId(), error.code()));
        }
        if (!leaving.isEmpty()) {
            life.remove(group, leaving);
        }
        return rows;
    }

    private static ConsumerMember leaving(ConsumerGroup group, LeaveGroupRequest.Member leaving) {
        var instanceId = leaving.groupInstanceId();
        if (instanceId == null) {
            return ConsumerChecks.member(group, leaving.memberId());
        }
        var holder = group.staticMember(instanceId);
        return leaving.memberId().isEmpty() && holder != null
                ? holder
                : ConsumerChecks.staticMember(group, leaving.memberId(), instanceId);
    }
}
