package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.MemberSubscription.ClassicProtocol;
import io.thalweg.coordinator.group.MemberSubscription.ClassicTerms;
import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.message.JoinGroupRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Turns groups with members from one protocol into the other; what members have they keep. Owned by the coordinator's event loop. */
final class Migrations {

    private final Parts parts;

    Migrations(Parts parts) {
        this.parts = parts;
    }

    /** A classic group as one of the consumer protocol, with its members as they are; the group itself stays until that is written. */
    Draft upgrade(ClassicGroup classic) {
        checkUpgrade(classic);
        var draft = new Draft(new ConsumerGroup(classic.id()));
        draft.addForeign(GroupMetadata.tombstone(classic.id()));
        draft.replaces(classic);
        try {
            var members = new TreeMap<String, ConsumerMember>();
            classic.members().forEach(member -> members.put(member.id(), consumer(classic, member)));
            write(draft, classic.generation(), members);
        } catch (MalformedMessageException e) {
            throw refused(classic, "its members say what a broker does not understand: " + e.getMessage());
        }
        return draft;
    }

    private void checkUpgrade(ClassicGroup classic) {
        if (!parts.config().consumers().migration().allowsUpgrade()) {
            throw refused(classic, "online upgrade is disabled");
        }
        if (!classic.isOfConsumers()) {
            throw refused(classic, "the group does not use the consumer embedded protocol");
        }
        if (classic.members().size() > parts.config().consumers().maxSize()) {
            throw refused(classic, "the group size exceeds the consumer group maximum size");
        }
    }

    private static GroupRefusedException refused(ClassicGroup classic, String why) {
        return new GroupRefusedException(
                ErrorCode.GROUP_ID_NOT_FOUND,
                "Cannot upgrade classic group " + classic.id() + " to consumer group because " + why + ".");
    }

    private static void write(Draft draft, int generation, Map<String, ConsumerMember> members) {
        var group = draft.group().id();
        members.forEach((id, member) -> draft.add(ConsumerGroupRecords.subscription(group, id, member.subscription())));
        draft.add(ConsumerGroupRecords.epoch(group, generation, 0));
        members.forEach((id, member) -> draft.add(ConsumerGroupRecords.target(
                group, id, member.progress().assigned().at(0))));
        draft.add(ConsumerGroupRecords.targetEpoch(group, generation, 0));
        members.forEach((id, member) -> draft.add(ConsumerGroupRecords.progress(group, id, member.progress())));
    }

    private ConsumerMember consumer(ClassicGroup classic, Member member) {
        var generation = classic.generation();
        var said = member.protocols().get(0).metadata();
        var subscription = EmbeddedProtocol.subscription(said, parts.image());
        var assigned =
                EmbeddedProtocol.assignment(member.assignment(), parts.image()).at(generation);
        return new ConsumerMember(
                member.id(),
                new MemberSubscription(
                        member.instanceId(),
                        null,
                        member.clientId(),
                        member.clientHost(),
                        subscription.topics(),
                        "",
                        member.rebalanceTimeoutMillis(),
                        null,
                        terms(member.sessionTimeoutMillis(), member.protocols())),
                new MemberProgress(generation, generation, MemberState.STABLE, assigned, AssignedPartitions.NONE));
    }

    static ClassicTerms terms(int sessionMillis, List<JoinGroupRequest.Protocol> protocols) {
        return new ClassicTerms(
                sessionMillis,
                protocols.stream()
                        .map(each -> new ClassicProtocol(each.name(), each.metadata()))
                        .toList());
    }

    /** Whether a consumer group of these members is to become a classic one: all of them speak only that protocol. */
    boolean isToBeClassic(ConsumerGroup group) {
        return !group.members().isEmpty()
                && group.members().stream().allMatch(ConsumerMember::isClassic)
                && parts.config().consumers().migration().allowsDowngrade()
                && group.members().size() <= parts.config().maxSize();
    }

    /**
     * The consumer group as a classic one in its last epoch. Nobody leads it: what those who left had is nobody's, and a coordinator that
     * loads it begins the rebalance that this one is about to begin.
     */
    ClassicGroup downgrade(ConsumerGroup group) {
        var nowMillis = parts.clock().millis();
        var classic = new ClassicGroup(group.id(), nowMillis);
        for (var each : group.members()) {
            var terms = each.subscription().classic();
            if (terms != null) {
                classic.add(member(group, each, terms), "consumer");
            }
        }
        classic.restore(group.epoch(), "consumer", classic.electProtocol(), null);
        classic.moveTo(GroupState.STABLE, nowMillis);
        return classic;
    }

    private Member member(ConsumerGroup group, ConsumerMember each, ClassicTerms terms) {
        var said = each.subscription();
        var member = new Member(each.id(), said.instanceId(), said.clientId(), said.clientHost());
        var protocols = terms.protocols().stream()
                .map(protocol -> new JoinGroupRequest.Protocol(protocol.name(), protocol.metadata()))
                .toList();
        member.describe(protocols, said.rebalanceTimeoutMillis(), terms.sessionTimeoutMillis());
        member.assign(EmbeddedProtocol.assignment(group.target(each.id()), version(terms), parts.image()));
        return member;
    }

    /** The version in which a member says what it subscribes to. */
    static short version(ClassicTerms terms) {
        var metadata = terms.protocols().get(0).metadata();
        return metadata.remaining() < Short.BYTES ? 0 : metadata.getShort(metadata.position());
    }
}
