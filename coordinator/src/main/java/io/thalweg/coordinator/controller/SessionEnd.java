package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fences the brokers that have not been heard of for the session timeout. */
final class SessionEnd implements Work {

    private static final Logger LOG = LoggerFactory.getLogger(SessionEnd.class);

    private final BrokerSessions sessions;
    private final BrokerHeartbeatDecider fencing;

    SessionEnd(BrokerSessions sessions, BrokerHeartbeatDecider fencing) {
        this.sessions = sessions;
        this.fencing = fencing;
    }

    @Override
    public List<Message> decide(MetadataImage image) {
        var records = new ArrayList<Message>();
        var working = image;
        for (var broker : sessions.ended(image)) {
            LOG.warn(
                    "fencing broker {} at epoch {}: it was not heard of for the session timeout",
                    broker.id(),
                    broker.epoch());
            var fence = fencing.fence(working, broker);
            working = MetadataRecords.replay(working, fence);
            records.addAll(fence);
        }
        return records;
    }

    @Override
    public void succeed() {}

    @Override
    public void fail(ControllerException cause) {
        LOG.debug("brokers were not fenced", cause);
    }
}
