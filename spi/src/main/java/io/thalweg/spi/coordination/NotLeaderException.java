package io.thalweg.spi.coordination;

/** A proposal came from one who does not lead the metadata log, or leads it no more. */
public final class NotLeaderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NotLeaderException(int proposedEpoch, Leadership current) {
        super("proposal under epoch " + proposedEpoch + " refused: the metadata log is at epoch " + current.epoch()
                + (current.leaderId().isPresent()
                        ? ", led by node " + current.leaderId().getAsInt()
                        : ", without a leader"));
    }
}
