/**
 * The way to other brokers: requests over a {@link io.thalweg.spi.transport.Transport}, answers on the event loop of whoever asked.
 */
package io.thalweg.broker.peer;
