package io.thalweg.spi.coordination;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;

/**
 * Where a server's member of a metadata quorum comes from: stateless, found by {@link java.util.ServiceLoader} or handed to the
 * broker's builder.
 *
 * <p><b>Errors.</b> A failed open leaves nothing open (QUORUM-1).
 */
public interface MetadataLogProvider {

    /** The word that messages call this provider by. */
    String name();

    /** The provider's own settings. */
    List<ConfigKey<?>> configKeys();

    /**
     * Opens the server's own member; a voter may vote, and elect a leader, from now on. Does not wait for the other members. The receiver
     * closes it.
     */
    MetadataLog open(MetadataLogContext context);
}
