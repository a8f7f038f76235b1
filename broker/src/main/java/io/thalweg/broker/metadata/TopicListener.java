package io.thalweg.broker.metadata;

import io.thalweg.broker.partition.TopicTraffic;

/** Hears of topics that come and go; called for one change at a time. */
public interface TopicListener {

    /** Hears nothing. */
    TopicListener NONE = new TopicListener() {
        @Override
        public TopicTraffic created(String topic) {
            return TopicTraffic.NONE;
        }

        @Override
        public void deleted(String topic) {}
    };

    /** The topic is about to be hosted; gives what its partitions report to. */
    TopicTraffic created(String topic);

    /** The topic is gone. */
    void deleted(String topic);
}
