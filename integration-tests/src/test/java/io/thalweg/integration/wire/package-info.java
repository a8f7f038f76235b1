/** The protocol by hand. */
package io.thalweg.integration.wire;
