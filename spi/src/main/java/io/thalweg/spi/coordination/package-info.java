/**
 * Coordination: the ordered log of metadata that the controller decides by and every broker follows.
 *
 * <p>Sentences with an id such as METADATA-2 are promises that a test of the TCK names.
 */
package io.thalweg.spi.coordination;
