package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.Message;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives leadership back to first replicas that are in sync again; a bounded number at a time. */
final class PreferredLeaders implements Work {

    private static final int MAX_PARTITIONS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(PreferredLeaders.class);

    private final Elections elections;

    PreferredLeaders(Elections elections) {
        this.elections = elections;
    }

    @Override
    public List<Message> decide(MetadataImage image) {
        var moves = elections.preferred(image, MAX_PARTITIONS);
        if (!moves.isEmpty()) {
            LOG.info("giving leadership of {} partitions back to their first replicas", moves.size());
        }
        return moves;
    }

    @Override
    public void succeed() {}

    @Override
    public void fail(ControllerException cause) {
        LOG.debug("leaderships were not given back", cause);
    }
}
