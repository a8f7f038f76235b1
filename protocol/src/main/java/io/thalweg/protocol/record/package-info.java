/**
 * Record batches: what a log stores and what Produce and Fetch carry.
 *
 * <p>Views over a buffer never own or copy it: they are valid while the buffer and its contents are, and read it by absolute
 * position, so they never move the buffer's own position or limit. Every length is checked before it is used; bytes that break the
 * format raise {@link io.thalweg.protocol.record.CorruptRecordException} and nothing else.
 */
package io.thalweg.protocol.record;
