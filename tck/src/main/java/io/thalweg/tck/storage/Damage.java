package io.thalweg.tck.storage;

/** What a bad disk, or a hand that slips, does to what is stored of a log; see {@link StorageContract#damage}. */
public enum Damage {
    /** A bit among the records of the batch that holds the offset is another one. */
    FLIPPED_BIT,
    /** What the engine keeps that batch in is gone: its file, its row, its object. */
    LOST_PIECE,
    /** All bytes of that batch are zero, as after the loss of a sector; nothing around them has changed. */
    ZEROED
}
