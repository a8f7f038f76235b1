package io.thalweg.spi.coordination;

import java.util.OptionalInt;

/**
 * Who leads the metadata log.
 *
 * @param leaderId the node that leads; empty while there is none
 * @param epoch goes up with every change of leader
 * @param isLocal whether this member is the leader and may propose under this epoch
 */
public record Leadership(OptionalInt leaderId, int epoch, boolean isLocal) {}
