package io.thalweg.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import org.junit.jupiter.api.Test;
import org.xerial.snappy.Snappy;

final class CodecTest {

    private static final List<Compression> CODECS =
            List.of(Compression.GZIP, Compression.SNAPPY, Compression.LZ4, Compression.ZSTD);

    @Test
    void bareSnappyBlockIsRead() throws IOException {
        byte[] plain = RawBatch.zeros(3, 1_000);

        RecordBatch batch = RawBatch.of(Compression.SNAPPY, 3, Snappy.compress(plain));

        assertThat(RecordReaderTest.read(batch)).hasSize(3).isEqualTo(KafkaBatch.read(batch.bytes()));
    }

    @Test
    void concatenatedStreamsAreRead() throws IOException {
        byte[] plain = RawBatch.zeros(3, 100_000);
        for (Compression compression : CODECS) {
            byte[] first = compressed(compression, Arrays.copyOf(plain, 1_234));
            byte[] second = compressed(compression, Arrays.copyOfRange(plain, 1_234, plain.length));
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(first);
            both.writeBytes(second);

            RecordBatch batch = RawBatch.of(compression, 3, both.toByteArray());

            assertThat(RecordReaderTest.read(batch))
                    .as(compression.configName())
                    .hasSize(3);
        }
    }

    @Test
    void lz4FramesOfOtherWritersAreRead() throws IOException {
        byte[] plain = RawBatch.zeros(3, 100_000);
        for (BLOCKSIZE size : BLOCKSIZE.values()) {
            ByteArrayOutputStream target = new ByteArrayOutputStream();
            try (OutputStream frame = new LZ4FrameOutputStream(
                    target,
                    size,
                    plain.length,
                    FLG.Bits.BLOCK_INDEPENDENCE,
                    FLG.Bits.CONTENT_CHECKSUM,
                    FLG.Bits.CONTENT_SIZE,
                    FLG.Bits.BLOCK_CHECKSUM)) {
                frame.write(plain);
            }

            RecordBatch batch = RawBatch.of(Compression.LZ4, 3, target.toByteArray());

            assertThat(RecordReaderTest.read(batch)).as(size.toString()).hasSize(3);
        }
    }

    @Test
    void bombsAreStoppedByTheLimit() throws IOException {
        DecompressionLimit limit = new DecompressionLimit(1 << 20, 100_000);
        for (Compression compression : CODECS) {
            byte[] manyRecords = compressed(compression, RawBatch.zeros(2_000, 10_000));
            byte[] oneRecord = compressed(compression, RawBatch.zeros(1, 20_000_000));

            isStopped(RawBatch.of(compression, 2_000, manyRecords), limit);
            isStopped(RawBatch.of(compression, 1, oneRecord), limit);
        }
        byte[] oneBlock = Snappy.compress(RawBatch.zeros(2_000, 10_000));
        isStopped(RawBatch.of(Compression.SNAPPY, 2_000, oneBlock), limit);
    }

    @Test
    void limitHoldsWhereverItFalls() throws IOException {
        byte[] plain = RawBatch.zeros(5, 100);
        for (Compression compression : CODECS) {
            RecordBatch batch = RawBatch.of(compression, 5, compressed(compression, plain));
            for (int maxBytes = 1; maxBytes < plain.length; maxBytes++) {
                isStopped(batch, new DecompressionLimit(maxBytes, 1));
            }

            DecompressionLimit justEnough = new DecompressionLimit(plain.length, 1);

            assertThat(new RecordChecker(justEnough).check(batch).maxTimestamp())
                    .isZero();
            assertThat(batch.records(justEnough)).toIterable().hasSize(5);
        }
    }

    @Test
    void bytesAfterTheLastRecordAreNotDecompressedToTheEnd() throws IOException {
        DecompressionLimit limit = new DecompressionLimit(1 << 20, 100_000);
        for (Compression compression : CODECS) {
            byte[] stored = compressed(compression, RawBatch.zeros(2_000, 10_000));

            assertThatExceptionOfType(CorruptRecordException.class)
                    .isThrownBy(() -> new RecordChecker(limit).check(RawBatch.of(compression, 1, stored)))
                    .withMessageContaining("batch of 1 records has bytes left");
        }
    }

    @Test
    void ratioBoundsOnlyWhatIsLarge() throws IOException {
        DecompressionLimit limit = new DecompressionLimit(1 << 30, 10);
        int fine = DecompressionLimit.ALWAYS_ALLOWED_BYTES / 1_100_000;

        for (Compression compression : List.of(Compression.GZIP, Compression.LZ4, Compression.ZSTD)) {
            byte[] large = compressed(compression, RawBatch.zeros(fine + 2, 1_100_000));
            byte[] small = compressed(compression, RawBatch.zeros(fine, 1_100_000));

            new RecordChecker(limit).check(RawBatch.of(compression, fine, small));
            isStopped(RawBatch.of(compression, fine + 2, large), limit);
        }
    }

    @Test
    void whatSnappyAndLz4CanShrinkIsTakenWhateverItsSize() {
        for (Compression compression : List.of(Compression.SNAPPY, Compression.LZ4)) {
            RecordBatch batch = zeros(compression, 100, 1 << 20);

            CheckedRecords checked = new RecordChecker(DecompressionLimit.DEFAULT).check(batch);

            assertThat(checked.maxTimestamp()).as(compression.configName()).isZero();
        }
    }

    @Test
    void recordThatShrankMoreThanTextIsStopped() {
        isStopped(
                zeros(Compression.LZ4, 1, DecompressionLimit.ALWAYS_ALLOWED_BYTES + (1 << 20)),
                DecompressionLimit.DEFAULT);
    }

    private static RecordBatch zeros(Compression compression, int records, int valueBytes) {
        RecordBatchBuilder builder = new RecordBatchBuilder(128 << 20).compression(compression);
        for (int i = 0; i < records; i++) {
            assertThat(builder.append(0, null, ByteBuffer.allocate(valueBytes))).isTrue();
        }
        return RecordBatch.at(builder.build(), 0);
    }

    @Test
    void snappyBlockOverTheLimitIsNotDecompressedAtAll() throws IOException {
        ByteBuffer oneBlock = ByteBuffer.wrap(Snappy.compress(new byte[1_000]));

        assertThatExceptionOfType(DecompressionLimitException.class)
                .isThrownBy(() -> new SnappyBlockStream(oneBlock, 999).read());
        assertThat(new SnappyBlockStream(oneBlock, 1_000).readAllBytes()).hasSize(1_000);
    }

    @Test
    void recordThatClaimsToPassTheLimitIsNotReadAtAll() throws IOException {
        byte[] claimsAll = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0, 0, 0, 0, 0};

        for (Compression compression : CODECS) {
            isStopped(RawBatch.of(compression, 1, compressed(compression, claimsAll)), DecompressionLimit.DEFAULT);
        }
    }

    @Test
    void snappyBlockMayNotClaimMoreThanSnappyCanHold() {
        byte[] claimsAll = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 0, 0, 0, 0, 0, 0, 0};
        ByteBuffer framed = ByteBuffer.allocate(20 + claimsAll.length);
        framed.putLong(0x82534e4150505900L)
                .putInt(1)
                .putInt(1)
                .putInt(claimsAll.length)
                .put(claimsAll);

        for (byte[] stored : List.of(claimsAll, framed.array())) {
            assertThatExceptionOfType(CorruptRecordException.class)
                    .isThrownBy(() -> RecordReaderTest.read(RawBatch.of(Compression.SNAPPY, 1, stored)))
                    .withMessageContaining("do not decompress as snappy");
        }
    }

    @Test
    void bytesOfAnotherCodecAreCorrupt() throws IOException {
        byte[] plain = RawBatch.zeros(3, 1_000);
        for (Compression written : CODECS) {
            for (Compression claimed : CODECS) {
                if (written != claimed) {
                    RecordBatch batch = RawBatch.of(claimed, 3, compressed(written, plain));

                    assertThatExceptionOfType(CorruptRecordException.class)
                            .isThrownBy(() -> RecordReaderTest.read(batch))
                            .withMessageContaining("do not decompress as " + claimed.configName());
                }
            }
        }
    }

    @Test
    void missingLibraryIsNamed() throws Exception {
        URL ours = RecordBatch.class.getProtectionDomain().getCodeSource().getLocation();
        byte[] stored = new byte[10];
        // Not even the platform loader may be its parent: that one finds modules of the application.
        try (URLClassLoader alone = new URLClassLoader(new URL[] {ours}, null)) {
            for (Compression compression : List.of(Compression.SNAPPY, Compression.LZ4, Compression.ZSTD)) {
                ByteBuffer batch = RawBatch.of(compression, 1, stored).bytes();

                assertThatExceptionOfType(InvocationTargetException.class)
                        .isThrownBy(() -> readThrough(alone, batch))
                        .havingCause()
                        .matches(thrown -> thrown.getClass().getSimpleName().equals("MissingCodecException"))
                        .withMessageContaining(compression.configName() + " compression needs a library")
                        .withMessageContaining("add " + compression.artifact())
                        .withMessageContaining("--add-modules " + compression.moduleName());
            }
        }
    }

    private static void readThrough(ClassLoader loader, ByteBuffer batch) throws Exception {
        Class<?> type = loader.loadClass(RecordBatch.class.getName());
        Object view = type.getMethod("at", ByteBuffer.class, int.class).invoke(null, batch, 0);
        Object records = type.getMethod("records").invoke(view);
        records.getClass().getMethod("next").invoke(records);
    }

    private static void isStopped(RecordBatch batch, DecompressionLimit limit) {
        assertThatExceptionOfType(DecompressionLimitException.class)
                .isThrownBy(() -> new RecordChecker(limit).check(batch))
                .withMessageContaining("records, or one of them, grow from "
                        + (batch.sizeInBytes() - RecordBatch.HEADER_BYTES) + " bytes");
        assertThatExceptionOfType(DecompressionLimitException.class).isThrownBy(() -> {
            try (RecordReader records = batch.records(limit)) {
                records.forEachRemaining(each -> {});
            }
        });
    }

    private static byte[] compressed(Compression compression, byte[] plain) throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try (OutputStream stream = compression.codec().compress(target, Codec.DEFAULT_LEVEL)) {
            stream.write(plain);
        }
        return target.toByteArray();
    }
}
