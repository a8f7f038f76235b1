package io.thalweg.broker.metadata;

import io.thalweg.broker.partition.TopicTraffic;
import java.util.function.Consumer;

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

    /** The same, with somebody else who hears of topics that are gone. */
    default TopicListener alsoOnDeletion(Consumer<String> other) {
        var first = this;
        return new TopicListener() {
            @Override
            public TopicTraffic created(String topic) {
                return first.created(topic);
            }

            @Override
            public void deleted(String topic) {
                first.deleted(topic);
                other.accept(topic);
            }
        };
    }
}
