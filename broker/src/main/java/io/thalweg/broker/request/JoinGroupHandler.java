package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.coordinator.group.Caller;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;

/** JoinGroup, key 11, versions 0-9: the answer waits until the group is complete. */
public final class JoinGroupHandler implements RequestHandler<JoinGroupRequest> {

    private static final short NULL_NAME_VERSION = 7;

    private final GroupCoordinators coordinators;

    public JoinGroupHandler(GroupCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public void handle(JoinGroupRequest request, Exchange exchange) {
        var kept = request.toBuilder()
                .protocols(request.protocols().stream()
                        .map(each -> new JoinGroupRequest.Protocol(each.name(), LentBytes.copy(each.metadata())))
                        .toList())
                .build();
        // Kafka's tools show the address as Java writes it, behind a slash.
        var caller = new Caller(exchange.clientId(), "/" + exchange.remote().host(), exchange.version());
        exchange.replyWhen(coordinators
                .ask(
                        exchange::handledFor,
                        request.groupId(),
                        coordinator -> coordinator.join(kept, caller),
                        error -> JoinGroupResponse.builder()
                                .errorCode(error.code())
                                .protocolName(null)
                                .memberId(request.memberId())
                                .build())
                .thenApply(answer -> legible(answer, exchange.version())));
    }

    /** Before version 7 there is no name that is null. */
    private static JoinGroupResponse legible(JoinGroupResponse answer, short version) {
        return answer.protocolName() == null && version < NULL_NAME_VERSION
                ? answer.toBuilder().protocolName("").build()
                : answer;
    }
}
