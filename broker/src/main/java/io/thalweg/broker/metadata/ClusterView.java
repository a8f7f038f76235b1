package io.thalweg.broker.metadata;

import io.thalweg.coordinator.metadata.MetadataImage;
import java.util.OptionalInt;

/** The cluster as this broker sees it. Any thread may look; each answer is current or slightly old. */
public interface ClusterView {

    /** The newest image of which everything that concerns this broker has been done. */
    MetadataImage image();

    /** The node id of this broker. */
    int brokerId();

    /** Who leads the metadata log, as far as is known. */
    OptionalInt controllerId();
}
