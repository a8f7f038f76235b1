/**
 * The suites for storage engines. Extend {@link io.thalweg.tck.storage.StorageContract} and give it a provider.
 *
 * <p>Logs are given valid v2 record batches with opaque records, so that an engine that parses headers can be tested too.
 */
package io.thalweg.tck.storage;
