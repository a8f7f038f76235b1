/**
 * Storage: a plug-in owns bytes, the core owns meaning.
 *
 * <p>A {@link io.thalweg.spi.storage.StorageProvider} opens a {@link io.thalweg.spi.storage.StorageEngine}, which holds one
 * {@link io.thalweg.spi.storage.PartitionLog} per partition. Leader epochs, producer state, the high watermark, retention and
 * the cleaner belong to the core, once, for every engine; what of that must outlive a restart it hands to the engine as
 * opaque {@link io.thalweg.spi.storage.Checkpoint checkpoints}.
 *
 * <p>Sentences with an id such as LOG-7 are promises that a test of the TCK names.
 */
package io.thalweg.spi.storage;
