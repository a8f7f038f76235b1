/** Clients that are not ours, unchanged. */
package io.thalweg.integration.clients;
