/**
 * A metadata log that several brokers in one process share.
 *
 * <p>An {@link io.thalweg.memory.coordination.InProcessQuorum} is an object given to all of them. It keeps the contract of a metadata log
 * that is spread over machines: a majority commits, one member leads in an epoch, and a member may be cut off, closed and opened again.
 */
package io.thalweg.memory.coordination;
