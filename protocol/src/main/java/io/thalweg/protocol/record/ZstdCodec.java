package io.thalweg.protocol.record;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Zstandard frames. The library refuses windows of more than 128 MiB, which the highest levels need. */
final class ZstdCodec implements Codec {

    @Override
    public InputStream decompress(ByteBuffer compressed, int allowedBytes) throws IOException {
        return new ZstdInputStreamNoFinalizer(new BufferInputStream(compressed), RecyclingBufferPool.INSTANCE);
    }

    @Override
    public OutputStream compress(OutputStream target, int level) throws IOException {
        int chosen = level == DEFAULT_LEVEL ? Zstd.defaultCompressionLevel() : level;
        return new ZstdOutputStreamNoFinalizer(target, RecyclingBufferPool.INSTANCE, chosen);
    }
}
