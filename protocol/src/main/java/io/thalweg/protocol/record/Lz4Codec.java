package io.thalweg.protocol.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;

/**
 * LZ4 frames, version 1. Written with independent blocks of 64 KiB, no content size and no checksum but the header's, as Kafka's
 * clients do; Kafka reads no dependent blocks, and neither does this.
 */
final class Lz4Codec implements Codec {

    private static final long UNKNOWN_SIZE = -1;

    @Override
    public InputStream decompress(ByteBuffer compressed, int allowedBytes) throws IOException {
        return new LZ4FrameInputStream(new BufferInputStream(compressed));
    }

    @Override
    public OutputStream compress(OutputStream target, int level) throws IOException {
        LZ4Factory factory = LZ4Factory.fastestInstance();
        LZ4Compressor compressor = level == DEFAULT_LEVEL ? factory.fastCompressor() : factory.highCompressor(level);
        return new LZ4FrameOutputStream(
                target,
                BLOCKSIZE.SIZE_64KB,
                UNKNOWN_SIZE,
                compressor,
                XXHashFactory.fastestInstance().hash32(),
                FLG.Bits.BLOCK_INDEPENDENCE);
    }
}
