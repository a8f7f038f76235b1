package io.thalweg.protocol.record;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The whole record batches between a buffer's position and limit, in order; a batch that is cut at the end is left out.
 *
 * <p>Each step checks the next batch's length and magic and nothing else; {@link RecordBatch#crcIsValid()} and
 * {@link RecordChecker} are the next steps. The buffer is lent and its position is not moved.
 */
public final class RecordBatches implements Iterable<RecordBatch> {

    /** What the smallest entry of any format counts in its length field. */
    private static final int MIN_ENTRY_LENGTH = 14;

    private final ByteBuffer buffer;
    private final int from;
    private final int to;

    private RecordBatches(ByteBuffer buffer) {
        this.buffer = buffer;
        this.from = buffer.position();
        this.to = buffer.limit();
    }

    /** The batches from the buffer's position to its limit. */
    public static RecordBatches in(ByteBuffer buffer) {
        return new RecordBatches(buffer);
    }

    /**
     * The batches, first to last; every pass starts anew. Each step throws {@link CorruptRecordException} if the bytes there cannot
     * begin a batch, and {@link UnsupportedMagicException} if they are a message set of format 0 or 1.
     */
    @Override
    public Iterator<RecordBatch> iterator() {
        return new BatchIterator();
    }

    /**
     * How many bytes the whole batches have together; what is left after them is the beginning of a cut one.
     *
     * @throws CorruptRecordException as {@link #iterator()}
     * @throws UnsupportedMagicException as {@link #iterator()}
     */
    public int wholeBytes() {
        BatchIterator batches = new BatchIterator();
        while (batches.hasNext()) {
            batches.next();
        }
        return batches.position - from;
    }

    /** Whether nothing is left after the last whole batch; throws as {@link #iterator()}. */
    public boolean areWhole() {
        return wholeBytes() == to - from;
    }

    private boolean isWholeAt(int position) {
        if (to - position < RecordBatch.LENGTH_PREFIX_BYTES) {
            return false;
        }
        int entryLength = buffer.getInt(position + RecordBatch.BATCH_LENGTH_AT);
        if (entryLength < MIN_ENTRY_LENGTH) {
            throw new CorruptRecordException("batch length " + entryLength + " at position " + position
                    + "; expected at least " + MIN_ENTRY_LENGTH);
        }
        return entryLength <= to - position - RecordBatch.LENGTH_PREFIX_BYTES;
    }

    private final class BatchIterator implements Iterator<RecordBatch> {

        private int position = from;

        @Override
        public boolean hasNext() {
            return isWholeAt(position);
        }

        @Override
        public RecordBatch next() {
            if (!hasNext()) {
                throw new NoSuchElementException("no whole batch at position " + position);
            }
            RecordBatch batch = RecordBatch.at(buffer, position);
            position += batch.sizeInBytes();
            return batch;
        }
    }
}
