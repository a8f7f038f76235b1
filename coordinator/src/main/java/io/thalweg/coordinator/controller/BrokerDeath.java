package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.Message;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fences a broker whose process has ended, before its session does. If it lives all the same, its next heartbeat brings it back. */
final class BrokerDeath implements Work {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerDeath.class);

    private final BrokerSessions sessions;
    private final BrokerHeartbeatDecider fencing;
    private final int brokerId;
    private final long epoch;

    BrokerDeath(BrokerSessions sessions, BrokerHeartbeatDecider fencing, int brokerId, long epoch) {
        this.sessions = sessions;
        this.fencing = fencing;
        this.brokerId = brokerId;
        this.epoch = epoch;
    }

    @Override
    public List<Message> decide(MetadataImage image) {
        var dead =
                image.broker(brokerId).filter(broker -> broker.epoch() == epoch).filter(broker -> !broker.fenced());
        if (dead.isEmpty() || !sessions.canEnd()) {
            return List.of();
        }
        LOG.warn("fencing broker {} at epoch {}: nobody listens where it did", brokerId, epoch);
        sessions.ended(brokerId);
        return fencing.fence(image, dead.get());
    }

    @Override
    public void succeed() {}

    @Override
    public void fail(ControllerException cause) {
        LOG.debug("broker {} was not fenced", brokerId, cause);
    }
}
