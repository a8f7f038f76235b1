package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsResponse;
import java.util.ArrayList;

/** DeleteTopics, key 20, versions 1-6: the controller decides; the answer waits until this broker has let go of the topics. */
public final class DeleteTopicsHandler implements RequestHandler<DeleteTopicsRequest> {

    /** Before it, clients do not know TOPIC_DELETION_DISABLED. */
    private static final short DISABLED_ERROR_VERSION = 3;

    private final ControllerChannel controller;

    public DeleteTopicsHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(DeleteTopicsRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, DeleteTopicsResponse.class)
                .exceptionally(failure -> refused(request, failure))
                .thenApply(answer -> exchange.version() < DISABLED_ERROR_VERSION ? withOldErrors(answer) : answer));
    }

    private static DeleteTopicsResponse refused(DeleteTopicsRequest request, Throwable failure) {
        var rows = new ArrayList<DeleteTopicsResponse.Topic>();
        request.topicNames().forEach(name -> rows.add(row(failure).name(name).build()));
        request.topics()
                .forEach(topic -> rows.add(
                        row(failure).name(topic.name()).topicId(topic.topicId()).build()));
        return DeleteTopicsResponse.builder().responses(rows).build();
    }

    private static DeleteTopicsResponse.Topic.Builder row(Throwable failure) {
        return DeleteTopicsResponse.Topic.builder()
                .errorCode(ControllerFailures.codeOf(failure).code())
                .errorMessage(ControllerFailures.messageOf(failure));
    }

    private static DeleteTopicsResponse withOldErrors(DeleteTopicsResponse answer) {
        return answer.toBuilder()
                .responses(answer.responses().stream()
                        .map(row -> row.errorCode() == ErrorCode.TOPIC_DELETION_DISABLED.code()
                                ? row.toBuilder()
                                        .errorCode(ErrorCode.INVALID_REQUEST.code())
                                        .build()
                                : row)
                        .toList())
                .build();
    }
}
