package io.thalweg.broker.metrics;

import io.thalweg.broker.cleaner.CleanerListener;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.TopicListener;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.request.RequestListener;
import io.thalweg.broker.retention.RetentionListener;
import io.thalweg.broker.shard.Shard;
import io.thalweg.broker.shard.ShardListener;
import io.thalweg.coordinator.metadata.MetadataDelta;
import io.thalweg.protocol.ApiKey;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.transport.Listener;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/** The meters of one broker: a listener for each part that reports, and the parts that are looked at. Any thread. */
public interface Meters extends AutoCloseable {

    /** Measures nothing. */
    Meters NONE = new Meters() {
        @Override
        public RequestListener requests(Set<ApiKey> apis) {
            return RequestListener.NONE;
        }

        @Override
        public ShardListener shard(int index, Clock clock) {
            return ShardListener.NONE;
        }

        @Override
        public TopicListener topics() {
            return TopicListener.NONE;
        }

        @Override
        public RetentionListener retention() {
            return RetentionListener.NONE;
        }

        @Override
        public CleanerListener cleaner(LongSupplier uncleanableCount) {
            return CleanerListener.NONE;
        }

        @Override
        public void observe(Shard shard) {}

        @Override
        public void observe(TopicTable topics) {}

        @Override
        public void observe(ClusterView cluster, ToIntFunction<String> minInsyncReplicas) {}

        @Override
        public Consumer<MetadataDelta> changes(int brokerId) {
            return delta -> {};
        }

        @Override
        public void observe(String listenerName, Listener listener) {}

        @Override
        public void close() {}
    };

    /** What the connections report to, for requests of these APIs. */
    RequestListener requests(Set<ApiKey> apis);

    /** What the shard of this number reports to. */
    ShardListener shard(int index, Clock clock);

    /** What is told of topics that come and go. */
    TopicListener topics();

    /** What is told of what retention lets go. */
    RetentionListener retention();

    /** What the cleaner reports to; shows how many logs it has given up. */
    CleanerListener cleaner(LongSupplier uncleanableCount);

    /** Shows how full the shard's ring is. */
    void observe(Shard shard);

    /** Shows how many partitions there are. */
    void observe(TopicTable topics);

    /** Shows how the cluster is, and this broker's part of it; given how many replicas of a topic have to be in sync. */
    void observe(ClusterView cluster, ToIntFunction<String> minInsyncReplicas);

    /** What is told of changes of the metadata. */
    Consumer<MetadataDelta> changes(int brokerId);

    /** Shows the connections of a listener. */
    void observe(String listenerName, Listener listener);

    /** Takes every meter out of sight; idempotent. */
    @Override
    void close();
}
