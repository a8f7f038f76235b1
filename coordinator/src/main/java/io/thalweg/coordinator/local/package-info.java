/**
 * The metadata log of a cluster whose controller is one process: an ordinary log of the storage engine, synced on every entry.
 *
 * <p>Every entry is one record batch, so the log can be read with Kafka's tools; the records' values are what was proposed.
 */
package io.thalweg.coordinator.local;
