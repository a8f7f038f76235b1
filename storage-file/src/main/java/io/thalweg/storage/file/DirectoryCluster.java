package io.thalweg.storage.file;

import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file {@code cluster-id} of a log directory: of which cluster it is. */
record DirectoryCluster(LogDirectory directory) {

    private static final Logger log = LoggerFactory.getLogger(DirectoryCluster.class);

    private static final DirectoryNote NOTE = new DirectoryNote("cluster-id", "cluster_id");

    /** The cluster's id; empty if none was noted, or if it cannot be read. */
    Optional<String> id() {
        try {
            return NOTE.read(directory.disk(), directory.path(), DirectoryCluster::parse);
        } catch (IOException e) {
            log.warn("of which cluster log directory {} is cannot be read", directory.path(), e);
            return Optional.empty();
        }
    }

    private static Optional<String> parse(String value) {
        return value.isBlank() ? Optional.empty() : Optional.of(value);
    }

    /** Notes it unless one is noted. A directory in which it cannot be is not protected, and good for everything else. */
    void note(String clusterId) {
        if (directory.isOffline() || id().isPresent()) {
            return;
        }
        try {
            NOTE.write(directory, clusterId);
        } catch (IOException | StorageException e) {
            log.warn("log directory {} could not be told that it is of cluster {}", directory.path(), clusterId, e);
        }
    }
}
