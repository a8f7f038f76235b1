package io.thalweg.protocol;

/** Takes the record sets of a message while it is written, so that their bytes need not be copied. */
@FunctionalInterface
public interface RecordsSink {

    /**
     * Takes a record set that is not empty. Its length is already written; its bytes belong between what was written to
     * the target up to this position and what follows.
     */
    void accept(int positionInTarget, Records records);
}
