package io.thalweg.broker;

import io.thalweg.coordinator.local.LocalMetadataLog;
import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.DirectoryOwner;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.StorageEngine;
import java.util.Set;

/**
 * Sees to it that the logs of a storage are served to one cluster only: another one would go on with them under offsets that the first
 * gives to other records. Confined to the start of one broker.
 */
final class StorageOwnership {

    private final StorageEngine engine;
    private final Steps steps;

    StorageOwnership(StorageEngine engine, Steps steps) {
        this.engine = engine;
        this.steps = steps;
    }

    /**
     * Checks that a broker which is a cluster by itself does not begin one with logs of another, before it writes anything.
     *
     * @throws ConfigException if it would
     */
    void checkAlone() {
        var known = clusterIds();
        if (!known.isEmpty() && !engine.logs().contains(LocalMetadataLog.ID) && !mayBeHidden()) {
            throw new ConfigException("config log.dirs refused: what is there is of cluster " + named(known)
                    + ", and the metadata of that cluster is not there. If a quorum keeps it, start this broker with the settings it"
                    + " had, controller.quorum.voters or controller.quorum.bootstrap.servers among them; else give it another"
                    + " log.dirs, or begin a new cluster with these logs as docs/OPERATIONS.md says");
        }
    }

    /**
     * Notes whose logs they are from now on.
     *
     * @throws ConfigException if they are another cluster's
     */
    void claim(String clusterId) {
        var known = clusterIds();
        if (!known.isEmpty() && !known.equals(Set.of(clusterId))) {
            throw new ConfigException("config log.dirs refused: what is there is of cluster " + named(known)
                    + ", and this broker's metadata is that of cluster " + clusterId
                    + ". Start it with the settings it had in that cluster, or give it another log.dirs");
        }
        if (engine instanceof DirectoryOwner owner) {
            owner.noteCluster(clusterId);
        }
    }

    /** Whether the metadata may lie where nobody can look: opening them fails, and says where that is (PLACED-4). */
    private boolean mayBeHidden() {
        return engine instanceof PlacedEngine placed
                && !steps.finish(placed.directories(), "looking into the log directories").stream()
                        .allMatch(DirectoryImage::isOnline);
    }

    private Set<String> clusterIds() {
        return engine instanceof DirectoryOwner owner ? owner.clusterIds() : Set.of();
    }

    private static String named(Set<String> clusterIds) {
        return String.join(" and ", clusterIds.stream().sorted().toList());
    }
}
