package io.thalweg.broker.partition;

/** Counts what goes into and out of the partitions of one topic. Any thread. */
public interface TopicTraffic {

    /** Counts nothing. */
    TopicTraffic NONE = new TopicTraffic() {
        @Override
        public void appended(long bytes, long records) {}

        @Override
        public void fetched(long bytes) {}
    };

    /** Batches were appended to a log. */
    void appended(long bytes, long records);

    /** Batches are on their way to a reader. */
    void fetched(long bytes);
}
