package io.thalweg.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Compresses the records of a batch and decompresses them. Stateless; the streams are confined to one thread and closed by who asked
 * for them. A codec throws {@link IOException} or any unchecked exception for bytes it does not understand, allocates no more than
 * a fixed amount and what it has decompressed already, and lets the {@link LinkageError} of a missing library pass.
 */
interface Codec {

    /** Stands for the level the library would choose. */
    int DEFAULT_LEVEL = Integer.MIN_VALUE;

    /**
     * The decompressed form of the lent bytes from position to limit. The caller reads no more than the allowed bytes; a codec
     * that would have to hold more than those at once throws {@link DecompressionLimitException}.
     */
    InputStream decompress(ByteBuffer compressed, int allowedBytes) throws IOException;

    /** A stream that writes the compressed form of what it is given; complete when closed. */
    OutputStream compress(OutputStream target, int level) throws IOException;
}
