package io.thalweg.broker.request;

import io.thalweg.protocol.RequestMessage;

/**
 * Answers the requests of one API. One instance serves all connections.
 *
 * <p><b>Threads.</b> Called on the event loop of the connection, which it must not block. It replies exactly once: on that event loop, then
 * or later, or with a stage that completes anywhere ({@link Exchange#replyWhen}).
 *
 * <p><b>Ownership.</b> What a request has of bytes lies in its frame, which is lent until the reply; who needs it longer, or wants to give
 * it back sooner, takes it over ({@link Exchange#takeFrame}).
 *
 * <p><b>Errors.</b> What is wrong is said in the answer. What is thrown closes the connection.
 *
 * @param <Q> the request it answers
 */
@FunctionalInterface
public interface RequestHandler<Q extends RequestMessage> {

    void handle(Q request, Exchange exchange);
}
