package io.thalweg.api;

/** When a group's offsets are committed, and so what happens to records under way when a consumer ends. */
public enum DeliveryGuarantee {
    /** Committed before records are handed out: none is seen twice, some may be seen by nobody. */
    AT_MOST_ONCE,
    /** Committed once records are done with: every one is seen, some may be seen twice. */
    AT_LEAST_ONCE,
    /** Committed by the application alone, with {@link Consumer#commit}. */
    BY_APPLICATION
}
