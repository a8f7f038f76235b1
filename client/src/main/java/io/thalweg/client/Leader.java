package io.thalweg.client;

import io.thalweg.protocol.Message;
import io.thalweg.spi.transport.Endpoint;
import java.util.UUID;

/** The broker that leads a partition, as far as is known. */
record Leader(int nodeId, Endpoint endpoint, int epoch, UUID topicId) {

    boolean hasTopicId() {
        return !topicId.equals(Message.ZERO_UUID);
    }
}
