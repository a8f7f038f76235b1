package io.thalweg.broker.config;

import io.thalweg.protocol.record.Compression;
import io.thalweg.spi.config.ConfigValues;
import java.util.Arrays;
import java.util.Optional;

/**
 * How batches are compressed in a log.
 *
 * @param type a compression's config name, or {@code producer}
 * @param gzipLevel 1 to 9, or -1 for the library's default
 * @param lz4Level 1 to 17
 * @param zstdLevel -131,072 to 22
 */
public record CompressionConfig(String type, int gzipLevel, int lz4Level, int zstdLevel) {

    static CompressionConfig of(ConfigValues values) {
        return new CompressionConfig(
                values.value(TopicKeys.COMPRESSION_TYPE),
                values.value(TopicKeys.COMPRESSION_GZIP_LEVEL),
                values.value(TopicKeys.COMPRESSION_LZ4_LEVEL),
                values.value(TopicKeys.COMPRESSION_ZSTD_LEVEL));
    }

    /** Whether every batch must have this compression. */
    public boolean requires(Compression compression) {
        return type.equals(compression == Compression.NONE ? "uncompressed" : compression.configName());
    }

    /** The compression that every batch must have; empty when batches stay as the producer made them. */
    public Optional<Compression> required() {
        return Arrays.stream(Compression.values()).filter(this::requires).findFirst();
    }
}
