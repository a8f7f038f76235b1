/** Clients that break the protocol, by accident or on purpose, beside one that does not. */
package io.thalweg.integration.hostile;
