package io.thalweg.spi.coordination;

import java.util.concurrent.CompletionStage;

/**
 * A metadata log whose voters can be changed while it is used, one at a time, by its leader. Members that begin or cease to vote go on
 * telling their listeners the same log.
 *
 * <p><b>Threads.</b> Any thread may call.
 *
 * <p><b>Ownership.</b> Nothing is lent.
 *
 * <p><b>Ordering.</b> What was committed before a change is committed after it (RECONFIGURE-1).
 *
 * <p><b>Errors.</b> A stage fails with {@link NotLeaderException} where this member does not lead (RECONFIGURE-2), with
 * {@link IllegalArgumentException} where who votes already is added, or who does not, or is the last one, is removed (RECONFIGURE-3), and
 * otherwise where it is not known whether the change came about: the new voter cannot be reached or does not catch up, another change is
 * under way, or leadership was lost.
 *
 * <p><b>Close.</b> As the log; changes under way fail.
 */
public interface ReconfigurableLog extends MetadataLog {

    /** Has one more node vote, whose member runs and follows; completes once it has everything and a majority knows of it. */
    CompletionStage<Void> addVoter(QuorumVoter voter);

    /** Has a node vote no more; completes once a majority of the others knows. If it led, another one will. */
    CompletionStage<Void> removeVoter(int nodeId);
}
