/**
 * The suites for storage engines. Extend {@link io.thalweg.tck.storage.StorageContract} and give it a provider; an engine that keeps what
 * it has gives {@link io.thalweg.tck.storage.StorageContract#abilities abilities},
 * {@link io.thalweg.tck.storage.StorageContract#crashed crashed}, {@link io.thalweg.tck.storage.StorageContract#damage damage} if what it
 * keeps can be damaged, and, if it reads settings, {@link io.thalweg.tck.storage.StorageContract#config config} as well.
 *
 * <p>Logs are given valid v2 record batches with opaque records, as the core gives them, so that an engine that parses headers can be
 * tested too.
 *
 * <p>What the suites cannot see is the engine's own to test: notes that rot on the disk (CHECKPOINT-4), disks that fail (ENGINE-5,
 * ENGINE-6, PLACED-3, PLACED-4, OWNER-4), the power that goes. What its callers promise (LOG-1, ENGINE-1) is watched by
 * {@link io.thalweg.tck.storage.CheckingStorage}.
 */
package io.thalweg.tck.storage;
