package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest;
import io.thalweg.protocol.message.AlterPartitionReassignmentsResponse;
import java.util.List;

/** AlterPartitionReassignments, key 45, versions 0-1: the controller decides. */
public final class AlterPartitionReassignmentsHandler implements RequestHandler<AlterPartitionReassignmentsRequest> {

    private final ControllerChannel controller;

    public AlterPartitionReassignmentsHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(AlterPartitionReassignmentsRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, AlterPartitionReassignmentsResponse.class)
                .exceptionally(failure -> refused(request, failure)));
    }

    /** Clients look for the reason in the rows, and take an answer without them for a fault of the broker. */
    private static AlterPartitionReassignmentsResponse refused(
            AlterPartitionReassignmentsRequest request, Throwable failure) {
        var code = ControllerFailures.codeOf(failure).code();
        var message = ControllerFailures.messageOf(failure);
        return AlterPartitionReassignmentsResponse.builder()
                .errorCode(code)
                .errorMessage(message)
                .responses(request.topics().stream()
                        .map(topic -> new AlterPartitionReassignmentsResponse.Topic(
                                topic.name(), rows(topic.partitions(), code, message)))
                        .toList())
                .build();
    }

    private static List<AlterPartitionReassignmentsResponse.Partition> rows(
            List<AlterPartitionReassignmentsRequest.Partition> asked, short code, String message) {
        return asked.stream()
                .map(partition ->
                        new AlterPartitionReassignmentsResponse.Partition(partition.partitionIndex(), code, message))
                .toList();
    }
}
