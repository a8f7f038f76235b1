package io.thalweg.memory.coordination;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a quorum has committed: a snapshot and the entries after it. Owned by the quorum's lock. */
final class SharedEntries {

    /** The state below an offset. */
    record Snapshot(long endOffset, List<ByteBuffer> records) {}

    private final List<List<ByteBuffer>> entries = new ArrayList<>();
    private @Nullable Snapshot snapshot;

    /** The offset of the first entry that is kept. */
    private long startOffset;

    long endOffset() {
        return startOffset + entries.size();
    }

    /** Takes one more entry; gives its offset. */
    long append(List<ByteBuffer> records) {
        entries.add(records);
        return endOffset() - 1;
    }

    /** The snapshot that one who has heard everything below an offset has to be told first, if there is one. */
    @Nullable Snapshot snapshotFor(long nextOffset) {
        return snapshot != null && nextOffset < snapshot.endOffset ? snapshot : null;
    }

    List<ByteBuffer> entry(long offset) {
        return readOnly(entries.get(Math.toIntExact(offset - startOffset)));
    }

    void keep(Snapshot newest) {
        if (newest.endOffset <= startOffset) {
            return;
        }
        snapshot = newest;
        entries.subList(0, Math.toIntExact(newest.endOffset - startOffset)).clear();
        startOffset = newest.endOffset;
    }

    static List<ByteBuffer> readOnly(List<ByteBuffer> buffers) {
        return buffers.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
    }

    /** Copies of lent buffers. */
    static List<ByteBuffer> copies(List<ByteBuffer> lent) {
        return lent.stream()
                .map(buffer -> ByteBuffer.allocate(buffer.remaining())
                        .put(buffer.duplicate())
                        .flip())
                .toList();
    }
}
