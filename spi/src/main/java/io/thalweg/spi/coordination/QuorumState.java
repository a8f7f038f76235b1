package io.thalweg.spi.coordination;

import java.util.List;

/**
 * A metadata quorum as one of its members knows it; only the leader knows how far the others have come.
 *
 * @param leadership who leads
 * @param endOffset the offset after the last entry that is known to be committed
 * @param voters those that vote, this member among them if it does, by id
 * @param observers those that only follow, as far as they are known, by id
 */
public record QuorumState(Leadership leadership, long endOffset, List<Member> voters, List<Member> observers) {

    /** In place of an offset or a time that is not known. */
    public static final long UNKNOWN = -1;

    public QuorumState {
        voters = List.copyOf(voters);
        observers = List.copyOf(observers);
    }

    /**
     * One member.
     *
     * @param endOffset the offset after the last entry that it has, or {@link #UNKNOWN}
     * @param heardMillis when it was heard of last, or {@link #UNKNOWN}
     * @param caughtUpMillis when it last had everything the leader had, or {@link #UNKNOWN}
     */
    public record Member(int id, long endOffset, long heardMillis, long caughtUpMillis) {}
}
