package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cluster that a request is for, if it says so. */
final class RequestedCluster {

    private RequestedCluster() {}

    /** What to answer with INCONSISTENT_CLUSTER_ID where the request names another cluster than this one; naming none is in order. */
    static Optional<String> problem(@Nullable String clusterId, MetadataImage image) {
        var own = image.cluster().id();
        return clusterId == null || clusterId.equals(own)
                ? Optional.empty()
                : Optional.of("cluster id " + clusterId + ": expected " + own);
    }
}
