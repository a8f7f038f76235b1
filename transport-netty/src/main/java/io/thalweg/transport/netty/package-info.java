/**
 * Frames over TCP: a big-endian length of four bytes, then the payload.
 *
 * <p>The way of a frame in: {@link io.thalweg.transport.netty.FrameReceiveAllocator} chooses the memory to read into,
 * {@link io.thalweg.transport.netty.FrameCutter} cuts frames out of what was read for as long as
 * {@link io.thalweg.transport.netty.ReadGate} is open, {@link io.thalweg.transport.netty.NettyConnection} gives them to the handler. The
 * way out: {@link io.thalweg.transport.netty.NettyOutboundFrame} is written by its connection and flushed by
 * {@link io.thalweg.transport.netty.NettyEventLoop} at the end of the turn.
 */
package io.thalweg.transport.netty;
