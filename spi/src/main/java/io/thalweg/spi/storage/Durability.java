package io.thalweg.spi.storage;

/** What a completed {@link StorageEngine#commit commit} means for a log. */
public enum Durability {
    /** The bytes survive a power cut. */
    FSYNC,
    /** The bytes survive the end of the process, not of the machine. */
    OS
}
