/** The suite for transports. */
package io.thalweg.tck.transport;
