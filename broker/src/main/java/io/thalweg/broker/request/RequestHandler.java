package io.thalweg.broker.request;

import io.thalweg.protocol.RequestMessage;

/**
 * Answers the requests of one API, on the event loop of the connection they came over.
 *
 * <p>It must not block and must reply exactly once, then or later, from that event loop. One instance serves all connections.
 *
 * @param <Q> the request it answers
 */
@FunctionalInterface
public interface RequestHandler<Q extends RequestMessage> {

    void handle(Q request, Exchange exchange);
}
