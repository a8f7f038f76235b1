/**
 * What a plug-in author implements: storage, metadata log and transport, and the runtime they are given.
 *
 * <p>Knows bytes, offsets and epochs, never API keys. Signatures hold no third-party types. A buffer argument is
 * <em>lent</em> for the call unless its type says until when; a result is <em>given</em> and closed by its receiver.
 */
@org.jspecify.annotations.NullMarked
module io.thalweg.spi {
    requires static transitive org.jspecify;

    exports io.thalweg.spi.config;
    exports io.thalweg.spi.coordination;
    exports io.thalweg.spi.runtime;
    exports io.thalweg.spi.storage;
    exports io.thalweg.spi.transport;
}
