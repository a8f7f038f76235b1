/**
 * The messages of the Kafka wire protocol, one record per request and response, generated from the files in
 * {@code src/main/schema}.
 *
 * <p>Each has {@code read}, {@code sizeInBytes} and {@code write}, which take the version of the message, and a builder
 * that starts from the defaults of the protocol. Parts of a message are records nested in it. Lists of a decoded message
 * are unmodifiable; lists given to a builder are not copied and must not be changed afterwards. Tagged fields that a
 * schema does not know are skipped when a message is read, so they are not written again.
 */
package io.thalweg.protocol.message;
