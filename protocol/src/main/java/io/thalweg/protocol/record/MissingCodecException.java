package io.thalweg.protocol.record;

/**
 * A batch is compressed with a library that this program does not have. The message names the artifact to add.
 *
 * <p>Brokers answer UNSUPPORTED_COMPRESSION_TYPE.
 */
public final class MissingCodecException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Compression compression;

    MissingCodecException(Compression compression, LinkageError cause) {
        super(
                compression.configName() + " compression needs a library that is not there or does not load: "
                        + "add " + compression.artifact()
                        + " to the class path, or to the module path with --add-modules "
                        + compression.moduleName(),
                cause);
        this.compression = compression;
    }

    /** The compression that cannot be used. */
    public Compression compression() {
        return compression;
    }
}
