package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.ClusterRecord;
import io.thalweg.coordinator.record.FeatureRecord;
import io.thalweg.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the first controller of a cluster writes: its id and the levels of its features. Nothing if there is an id already. */
final class ClusterStart implements Work {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterStart.class);

    private final ControllerConfig config;
    private final RandomIds ids;

    ClusterStart(ControllerConfig config, RandomIds ids) {
        this.config = config;
        this.ids = ids;
    }

    @Override
    public List<Message> decide(MetadataImage image) {
        if (image.cluster().id() != null) {
            return List.of();
        }
        var records = new ArrayList<Message>();
        records.add(new ClusterRecord(config.clusterId().orElseGet(() -> RandomIds.text(ids.next())), 0));
        config.features().forEach((name, level) -> records.add(new FeatureRecord(name, level)));
        return records;
    }

    @Override
    public void succeed() {}

    @Override
    public void fail(ControllerException cause) {
        LOG.warn("the cluster was not given its id; the next controller does it", cause);
    }
}
