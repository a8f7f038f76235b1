package io.thalweg.coordinator.group;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.runtime.Clock;
import java.util.function.Supplier;

/** What the parts of one coordinator share. */
record Parts(
        GroupConfig config,
        Clock clock,
        Alarms alarms,
        Groups groups,
        OffsetTable offsets,
        Writes writes,
        Supplier<MetadataImage> cluster) {

    /** The metadata of this moment. */
    MetadataImage image() {
        return cluster.get();
    }
}
