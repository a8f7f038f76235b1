/**
 * The storage engine that keeps everything on the heap; the simplest engine that keeps every promise but outliving the process.
 *
 * <p>The content of a log is an immutable {@link io.thalweg.memory.storage.MemoryView}; each change swaps it for the next one.
 */
package io.thalweg.memory.storage;
