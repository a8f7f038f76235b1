package io.thalweg.spi.storage;

/**
 * The ability of an engine to open every log as a {@link SegmentedLog}. Topics of an engine without it can be neither compacted nor kept
 * small by retention.
 */
public interface SegmentedEngine extends StorageEngine {}
