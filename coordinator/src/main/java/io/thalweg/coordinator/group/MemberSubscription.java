package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.record.ConsumerGroupMemberMetadataValue;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a member of a consumer group says of itself.
 *
 * @param topics names of topics, existing or not
 * @param regex a regular expression of names of topics, empty if it has none
 * @param assignor how it wants partitions to be assigned, null if it does not mind
 * @param classic what it says in the classic protocol, null if it speaks the consumer protocol
 */
record MemberSubscription(
        @Nullable String instanceId,
        @Nullable String rackId,
        String clientId,
        String clientHost,
        SortedSet<String> topics,
        String regex,
        int rebalanceTimeoutMillis,
        @Nullable String assignor,
        @Nullable ClassicTerms classic) {

    /** Of a member that has said nothing yet. */
    static final MemberSubscription NONE =
            new MemberSubscription(null, null, "", "", Collections.emptySortedSet(), "", -1, null, null);

    MemberSubscription {
        topics = Collections.unmodifiableSortedSet(new TreeSet<>(topics));
    }

    /** What a member says in the classic protocol. */
    record ClassicTerms(int sessionTimeoutMillis, List<ClassicProtocol> protocols) {

        ClassicTerms {
            protocols = List.copyOf(protocols);
        }
    }

    /** A protocol a member of the classic protocol supports. */
    record ClassicProtocol(String name, ByteBuffer metadata) {}

    /** With what a heartbeat says; what it leaves out stays as it was. */
    MemberSubscription with(ConsumerGroupHeartbeatRequest request, Caller caller) {
        var names = request.subscribedTopicNames();
        return new MemberSubscription(
                orElse(request.instanceId(), instanceId),
                orElse(request.rackId(), rackId),
                caller.clientId(),
                caller.clientHost(),
                names == null ? topics : new TreeSet<>(names),
                Objects.requireNonNullElse(request.subscribedTopicRegex(), regex),
                request.rebalanceTimeoutMillis() == -1 ? rebalanceTimeoutMillis : request.rebalanceTimeoutMillis(),
                orElse(request.serverAssignor(), assignor),
                null);
    }

    private static @Nullable String orElse(@Nullable String said, @Nullable String known) {
        return said == null ? known : said;
    }

    static MemberSubscription of(ConsumerGroupMemberMetadataValue value) {
        var classic = value.classic();
        return new MemberSubscription(
                value.instanceId(),
                value.rackId(),
                value.clientId(),
                value.clientHost(),
                new TreeSet<>(value.subscribedTopicNames()),
                Objects.requireNonNullElse(value.subscribedTopicRegex(), ""),
                value.rebalanceTimeout(),
                value.serverAssignor(),
                classic == null ? null : terms(classic));
    }

    private static ClassicTerms terms(ConsumerGroupMemberMetadataValue.Classic classic) {
        return new ClassicTerms(
                classic.sessionTimeout(),
                classic.supportedProtocols().stream()
                        .map(each -> new ClassicProtocol(each.name(), copy(each.metadata())))
                        .toList());
    }

    private static ByteBuffer copy(ByteBuffer lent) {
        var copy = ByteBuffer.allocate(lent.remaining());
        return copy.put(lent.duplicate()).flip();
    }

    ConsumerGroupMemberMetadataValue toValue() {
        return new ConsumerGroupMemberMetadataValue(
                instanceId,
                rackId,
                clientId,
                clientHost,
                List.copyOf(topics),
                regex,
                rebalanceTimeoutMillis,
                assignor,
                classic == null ? null : value(classic));
    }

    private static ConsumerGroupMemberMetadataValue.Classic value(ClassicTerms terms) {
        return new ConsumerGroupMemberMetadataValue.Classic(
                terms.sessionTimeoutMillis(),
                terms.protocols().stream()
                        .map(each -> new ConsumerGroupMemberMetadataValue.Protocol(
                                each.name(), each.metadata().duplicate()))
                        .toList());
    }
}
