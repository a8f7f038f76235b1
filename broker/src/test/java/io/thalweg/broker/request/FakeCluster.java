package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.BrokerEndpoint;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.Message;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** A cluster that the test writes: broker 1 is this one. Any thread. */
final class FakeCluster implements ClusterView {

    static final int BROKER = 1;
    static final String LISTENER = "PLAINTEXT";
    static final String CLUSTER_ID = "test-cluster";

    private volatile MetadataImage image = MetadataImage.EMPTY.withClusterId(CLUSTER_ID);
    private volatile boolean isBroken;
    private volatile OptionalInt controllerId = OptionalInt.of(BROKER);

    synchronized void change(UnaryOperator<MetadataImage> change) {
        image = change.apply(image);
    }

    void register(int id, String host, int port, String listener, boolean fenced) {
        change(current -> current.with(new BrokerImage(
                id,
                new UUID(0, id),
                100 + id,
                List.of(new BrokerEndpoint(listener, host, port, (short) 0)),
                List.of(),
                "rack-" + id,
                fenced)));
    }

    /** A topic whose partitions these brokers lead, each the only replica. */
    TopicImage createTopic(String name, UUID id, int... leaders) {
        var topic = TopicImage.of(name, id);
        for (var leader : leaders) {
            topic = topic.with(PartitionImage.created(topic.partitionCount(), List.of(leader), List.of(leader)));
        }
        var created = topic;
        change(current -> current.with(created));
        return created;
    }

    void set(ConfigResource resource, Map<String, String> configs) {
        change(current -> current.with(new ConfigImage(resource, new TreeMap<>(configs))));
    }

    void controller(OptionalInt id) {
        controllerId = id;
    }

    static UUID id(int number) {
        return new UUID(Message.ZERO_UUID.getMostSignificantBits() + 7, number);
    }

    /** Whoever looks from now on meets a fault of ours. */
    void breakDown() {
        isBroken = true;
    }

    @Override
    public MetadataImage image() {
        if (isBroken) {
            throw new IllegalStateException("broken down by the test");
        }
        return image;
    }

    @Override
    public int brokerId() {
        return BROKER;
    }

    @Override
    public OptionalInt controllerId() {
        return controllerId;
    }
}
