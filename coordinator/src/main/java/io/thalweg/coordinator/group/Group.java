package io.thalweg.coordinator.group;

/** A group of either protocol. Owned by the coordinator's event loop. */
sealed interface Group permits ClassicGroup, ConsumerGroup {

    String id();

    /** The state as clients know it. */
    String stateText();

    /** Which protocol the members speak, as clients know it. */
    String typeText();

    /** What the members are; empty if there never were any. */
    String protocolTypeText();

    /** Whether there is nobody who would miss it. */
    boolean isWithoutAnyone();
}
