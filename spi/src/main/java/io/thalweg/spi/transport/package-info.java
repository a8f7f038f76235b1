/**
 * Transport: frames in, frames out, between endpoints; over sockets or within a process.
 *
 * <p>A frame is a payload of known length; how its length travels is the transport's affair. Bytes of a frame cross the seam without
 * a copy: an inbound {@link io.thalweg.spi.transport.Frame} is lent memory of the transport until it is closed, an
 * {@link io.thalweg.spi.transport.OutboundFrame} is memory of the transport with slices of a log spliced in.
 *
 * <p>Sentences with an id such as CONNECTION-3 are promises that a test of the TCK names.
 */
package io.thalweg.spi.transport;
