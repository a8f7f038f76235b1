package io.thalweg.spi.storage;

import java.util.UUID;

/**
 * Names the log of one partition. A topic that is deleted and created again has another id, and so another log.
 *
 * <p>The core sees to the name, this record does not check it. As a file name it may differ from another only by case; with a dash and a
 * partition of five digits it fills the 255 bytes that file systems allow, so that a topic id does not fit in as well.
 *
 * @param topic the topic's name: 1 to 249 of the characters {@code a-zA-Z0-9._-}, but neither {@code .} nor {@code ..}
 * @param topicId the topic's id
 * @param partition zero-based
 */
public record LogId(String topic, UUID topicId, int partition) {

    public LogId {
        if (partition < 0) {
            throw new IllegalArgumentException("partition " + partition + " of topic " + topic + " is below 0");
        }
    }

    /** The partition as people and directories name it, {@code orders-3}. */
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
