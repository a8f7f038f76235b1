package io.thalweg.storage.file;

import io.thalweg.spi.storage.LogId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes entries in blocks, whose sequence goes on from one file of a journal to the other. Owned by the holder of the journal's lock.
 */
final class JournalWriter {

    /** No block that a dead process may have left has a sequence this far beyond the last one that can be read. */
    private static final long LEAP = 1L << 32;

    private ByteBuffer buffer = ByteBuffer.allocate(0);
    private long nextSequence;

    /** Every block before it is durable. */
    private long durableBelow;

    /** Goes on behind what a process before this one has written, none of which is waited for any more. */
    void goOnAfter(long lastSequence) {
        nextSequence = lastSequence + LEAP;
        durableBelow = nextSequence;
    }

    /** Takes the room that blocks are made in, which whoever has no journal is spared. */
    void allocate() {
        buffer = ByteBuffer.allocateDirect(ScratchBuffers.BUFFER_BYTES);
    }

    /** A block that says that its file is of no use. */
    ByteBuffer uselessBlock() {
        var block = ByteBuffer.allocate(JournalBlock.PAGE_BYTES).position(JournalBlock.HEADER_BYTES);
        JournalBlock.seal(block, nextSequence, 0);
        nextSequence++;
        return block;
    }

    /** What entries of a size may take up in a file, however they are spread over blocks. */
    long bytesFor(long size) {
        var blockBytes = buffer.capacity() - JournalBlock.HEADER_BYTES - Uncovered.MAX_ENTRY_OVERHEAD;
        var blockCount = size / blockBytes + 1;
        return size + blockCount * (JournalBlock.HEADER_BYTES + Uncovered.MAX_ENTRY_OVERHEAD + JournalBlock.PAGE_BYTES);
    }

    /** Writes what logs have, and has the file know of them. */
    void write(List<Uncovered> taken, JournalFile target) throws IOException {
        begin();
        for (var each : taken) {
            target.holds(each.id(), each.log());
            for (var range : each.ranges()) {
                put(each.id(), range, target);
            }
        }
        if (buffer.position() > JournalBlock.HEADER_BYTES) {
            end(target);
        }
    }

    /** Writes that all entries of a log before this one are void. */
    void writeLeft(LogId id, JournalFile target) throws IOException {
        begin();
        JournalEntry.putLeft(buffer, id);
        end(target);
    }

    private void put(LogId id, Uncovered.Range range, JournalFile target) throws IOException {
        var source = range.segment().file();
        var file = source.lease();
        if (file == null) {
            throw new IOException(source.path() + ": closed");
        }
        try {
            for (var at = range.from(); at < range.to(); ) {
                var room = buffer.remaining() - JournalEntry.overhead(id);
                if (room <= 0) {
                    end(target);
                    begin();
                    continue;
                }
                var count = Math.min(room, range.to() - at);
                JournalEntry.putBytes(buffer, id, range.segment().baseOffset(), at, count);
                buffer.limit(buffer.position() + count);
                file.read(buffer, at);
                if (buffer.hasRemaining()) {
                    throw new IOException(source.path() + ": ends before position " + (at + count));
                }
                buffer.limit(buffer.capacity());
                at += count;
            }
        } finally {
            source.release();
        }
    }

    private void begin() {
        buffer.clear().position(JournalBlock.HEADER_BYTES);
    }

    private void end(JournalFile target) throws IOException {
        JournalBlock.seal(buffer, nextSequence, durableBelow);
        target.write(buffer);
        nextSequence++;
    }

    /** Whether every block that was written is durable. */
    boolean isDurable() {
        return durableBelow == nextSequence;
    }

    /** The file was synced that everything was written to which was not durable. */
    void durable() {
        durableBelow = nextSequence;
    }
}
