/**
 * Requests, from a connection's frame to its answer. A {@code ClientConnection} cuts and orders them, the
 * {@link io.thalweg.broker.request.RequestRouter} picks the handler, one class per API, and an
 * {@link io.thalweg.broker.request.Exchange} carries the answer back.
 *
 * <p>All of it runs on the connection's event loop and nothing blocks there.
 */
package io.thalweg.broker.request;
