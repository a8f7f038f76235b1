package io.thalweg.tck.storage;

/** What a storage engine may or may not be able to do; the suites test what is declared. */
public enum StorageAbility {
    /** What was committed is found again after the process has died; {@link StorageContract#crashed} is implemented. */
    SURVIVES_CRASH,
    /** What it stores lies where it may be damaged while nobody uses it; {@link StorageContract#damage} is implemented. */
    CAN_BE_DAMAGED,
    /** Its logs are {@link io.thalweg.spi.storage.SegmentedLog}s. */
    SEGMENTS,
    /** It is a {@link io.thalweg.spi.storage.PlacedEngine}. */
    DIRECTORIES
}
