/**
 * The records of the metadata log: their bytes, and what replaying one does to an image.
 *
 * <p>The record types are generated from the files in {@code src/main/schema}. Everything here is pure.
 */
package io.thalweg.coordinator.record;
