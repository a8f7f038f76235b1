package io.thalweg.protocol;

/**
 * The record batches inside a message, held wherever they are: a buffer, a region of a file.
 *
 * <p>A decoded message has {@link BufferRecords}. A message that is written may carry any implementation, if its
 * {@link MessageWriter} has a {@link RecordsSink} that knows what to do with it.
 */
public interface Records {

    /** The length of the encoded batches; does not change. */
    int sizeInBytes();
}
