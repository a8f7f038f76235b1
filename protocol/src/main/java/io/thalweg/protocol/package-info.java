/**
 * What the messages of the Kafka wire protocol have in common: APIs and their versions, error codes, reading and writing.
 *
 * <p>Nothing here does I/O. Bytes that come in are lent by whoever owns the frame and are never trusted:
 * {@link io.thalweg.protocol.MessageReader} answers whatever is wrong with them with
 * {@link io.thalweg.protocol.MalformedMessageException}.
 */
package io.thalweg.protocol;
