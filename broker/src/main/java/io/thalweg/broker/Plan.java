package io.thalweg.broker;

import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.metrics.Meters;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.MetadataLogProvider;
import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.spi.transport.Transport;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a broker is to be made of.
 *
 * @param catalog the settings that are known
 * @param metadataLog where its member of a metadata quorum comes from; null for a broker that is a cluster by itself
 * @param transport null for the one that is found on the module or class path
 * @param meters closed with the broker
 * @param givenUp completes when a start that waits is to wait no longer
 */
record Plan(
        ConfigValues config,
        ConfigCatalog catalog,
        StorageProvider storage,
        @Nullable MetadataLogProvider metadataLog,
        @Nullable Transport transport,
        Meters meters,
        CompletableFuture<?> givenUp) {}
