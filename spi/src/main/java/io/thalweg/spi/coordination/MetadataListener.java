package io.thalweg.spi.coordination;

import java.nio.ByteBuffer;
import java.util.List;

/** Hears the metadata log; must not block. */
public interface MetadataListener {

    /** Forget everything: the state below {@code endOffset} is these records. */
    void snapshot(long endOffset, List<ByteBuffer> records);

    /** An entry was committed. */
    void committed(long offset, List<ByteBuffer> records);

    /** Another leader, or a newer epoch of the same. */
    void leadership(Leadership leadership);
}
