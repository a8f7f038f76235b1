/**
 * Storage on local files.
 *
 * <p>{@link io.thalweg.storage.file.FileStorage} opens an engine over one log directory. A log is a list of
 * {@link io.thalweg.storage.file.Segment segments} behind an immutable {@link io.thalweg.storage.file.LogView view} that readers take
 * without a lock; the owner of the log appends, a maintenance thread truncates and removes. Commits queue up and are a sync of one log
 * or of the {@link io.thalweg.storage.file.Journal journal}; sync threads do the rest in the background. The disk is
 * reached only through {@link io.thalweg.spi.storage.Disk}. Every byte written is described in {@code docs/FORMATS.md}.
 */
package io.thalweg.storage.file;
