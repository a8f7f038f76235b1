package io.thalweg.broker.retention;

/** Is told what retention lets go. Called on shards. */
public interface RetentionListener {

    /** Listens to nothing. */
    RetentionListener NONE = (segments, bytes) -> {};

    /** A log has let go of so many segments. */
    void dropped(int segments, long bytes);
}
