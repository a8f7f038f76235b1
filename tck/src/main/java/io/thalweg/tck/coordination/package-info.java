/**
 * The suite for metadata logs. Extend {@link io.thalweg.tck.coordination.MetadataLogContract} and let it open one.
 *
 * <p>Records are short texts, so that a failure can be read.
 */
package io.thalweg.tck.coordination;
