package io.thalweg.spi.storage;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;

/**
 * Where a storage engine comes from: stateless, found by {@link java.util.ServiceLoader} or handed to the broker's builder.
 *
 * <p><b>Errors.</b> {@code open} throws {@link StorageException}; a failed open leaves nothing open (PROVIDER-1).
 */
public interface StorageProvider {

    /** The word that chooses this provider in {@code storage=<name>}. */
    String name();

    /**
     * The provider's own settings. Their names begin with {@code storage.<name>.}, unless Kafka has one for the same thing: a provider
     * that keeps its logs in directories may declare {@code log.dirs}. A declared key takes the place of the broker's of that name.
     */
    List<ConfigKey<?>> configKeys();

    /** Opens the engine and finds the logs it holds; may take as long as listing them takes. */
    StorageEngine open(StorageContext context);
}
