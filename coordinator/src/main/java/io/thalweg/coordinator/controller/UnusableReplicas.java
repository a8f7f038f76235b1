package io.thalweg.coordinator.controller;

import java.util.UUID;

/** What a broker names in AssignReplicasToDirs in place of a directory, for replicas that it cannot serve or can serve again. */
public final class UnusableReplicas {

    /** Nobody can get at what is there, it may be until the broker has been started again; it is whole, as far as is known. */
    public static final UUID OUT_OF_REACH = new UUID(0, 0);

    /** Part of what was acknowledged is damaged; Kafka's id for a directory that is lost. */
    public static final UUID DAMAGED = new UUID(0, 1);

    /** It can be served, and nobody leads. Kafka keeps ids as low as this one for such purposes and gives it to no directory. */
    public static final UUID WITHIN_REACH = new UUID(0, 3);

    private UnusableReplicas() {}
}
