package io.thalweg.protocol.record;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.SnappyOutputStream;

/** Snappy in the stream framing of snappy-java, which Kafka's Java clients write; see {@link SnappyBlockStream} for what is read. */
final class SnappyCodec implements Codec {

    @Override
    public InputStream decompress(ByteBuffer compressed, int allowedBytes) {
        return new SnappyBlockStream(compressed, allowedBytes);
    }

    /** Snappy has no levels. */
    @Override
    public OutputStream compress(OutputStream target, int level) {
        return new SnappyOutputStream(target);
    }
}
