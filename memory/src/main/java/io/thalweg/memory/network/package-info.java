/**
 * A network without sockets: the transport for a broker embedded together with its clients.
 *
 * <p>An {@link io.thalweg.memory.network.InProcessNetwork} is an object given to both sides. It keeps the contract of the transport SPI
 * in full: connections have event loops, order, back-pressure, limits and idle timeouts, and frames must be closed.
 */
package io.thalweg.memory.network;
