package io.thalweg.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Gzip members as RFC 1952 has them. */
final class GzipCodec implements Codec {

    private static final int BUFFER_BYTES = 8 << 10;

    @Override
    public InputStream decompress(ByteBuffer compressed, int allowedBytes) throws IOException {
        int bufferBytes = Math.max(1, Math.min(BUFFER_BYTES, compressed.remaining()));
        return new GZIPInputStream(new BufferInputStream(compressed), bufferBytes);
    }

    @Override
    public OutputStream compress(OutputStream target, int level) throws IOException {
        return new LeveledStream(target, level == DEFAULT_LEVEL ? Deflater.DEFAULT_COMPRESSION : level);
    }

    /** The JDK's stream lets only subclasses choose the level. */
    private static final class LeveledStream extends GZIPOutputStream {

        LeveledStream(OutputStream target, int level) throws IOException {
            super(target, BUFFER_BYTES);
            def.setLevel(level);
        }
    }
}
