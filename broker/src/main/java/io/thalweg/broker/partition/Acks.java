package io.thalweg.broker.partition;

/** When a produce request is answered. */
public enum Acks {
    /** Never. */
    NONE,
    /** Once the batch is durable on the leader. */
    LEADER,
    /** Once the batch is durable on all in-sync replicas, at least {@code min.insync.replicas} of them. */
    ALL;

    /** Whether a client may ask for this number of acknowledgements. */
    public static boolean isKnown(short wire) {
        return wire >= -1 && wire <= 1;
    }

    /** From the number a client sends: 0, 1 or -1. */
    public static Acks fromWire(short wire) {
        return switch (wire) {
            case 0 -> NONE;
            case 1 -> LEADER;
            case -1 -> ALL;
            default -> throw new IllegalArgumentException("acks " + wire + ": expected -1, 0 or 1");
        };
    }
}
