package io.thalweg.spi.transport;

/**
 * Where a transport comes from: stateless, found by {@link java.util.ServiceLoader}.
 *
 * <p><b>Errors.</b> {@code open} throws {@link TransportException}; a failed open leaves nothing open.
 */
public interface TransportProvider {

    /** The word that chooses this provider. */
    String name();

    Transport open(TransportContext context);
}
