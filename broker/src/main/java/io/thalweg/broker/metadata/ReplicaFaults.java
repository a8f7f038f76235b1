package io.thalweg.broker.metadata;

import io.thalweg.broker.partition.Partition;
import io.thalweg.coordinator.controller.UnusableReplicas;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AssignReplicasToDirsRequest;
import io.thalweg.protocol.message.AssignReplicasToDirsResponse;
import io.thalweg.spi.runtime.EventLoop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the controller, with AssignReplicasToDirs, of replicas here that cannot be served while the newest image would have them lead or be
 * in sync. Owned by the controller's event loop.
 *
 * <p>What is told follows from how things are at the moment, so that nothing has to be remembered: neither here, where a log may have
 * been opened again meanwhile, nor by a controller that is a new one.
 */
public final class ReplicaFaults {

    private static final Logger log = LoggerFactory.getLogger(ReplicaFaults.class);

    private final EventLoop loop;
    private final ControllerChannel controller;
    private final MetadataFollower metadata;
    private final TopicTable topics;
    private boolean isTelling;

    /**
     * Tells nothing before it looks.
     *
     * @param loop the controller's event loop
     */
    public ReplicaFaults(EventLoop loop, ControllerChannel controller, MetadataFollower metadata, TopicTable topics) {
        this.loop = loop;
        this.controller = controller;
        this.metadata = metadata;
        this.topics = topics;
    }

    /** Tells what is to be told; a timer calls it every now and then. Any thread. */
    public void look() {
        hop(this::tell);
    }

    private void hop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("the broker has stopped", e);
        }
    }

    private void tell() {
        assert loop.isCurrent();
        if (isTelling) {
            return;
        }
        var image = metadata.known();
        var unreachable = unreachable(image);
        var epoch = image.broker(metadata.brokerId()).map(BrokerImage::epoch);
        if (unreachable.isEmpty() || epoch.isEmpty()) {
            return;
        }
        log.warn("broker {} cannot serve replicas it is to lead or have in sync: {}", metadata.brokerId(), unreachable);
        isTelling = true;
        var request = AssignReplicasToDirsRequest.builder()
                .brokerId(metadata.brokerId())
                .brokerEpoch(epoch.get())
                .directories(List.of(directory(UnusableReplicas.OUT_OF_REACH, unreachable)))
                .build();
        controller
                .call(request, AssignReplicasToDirsResponse.class)
                .whenComplete((reply, failure) -> hop(() -> told(reply, failure)));
    }

    private void told(@Nullable AssignReplicasToDirsResponse reply, @Nullable Throwable failure) {
        isTelling = false;
        if (reply == null || reply.errorCode() != ErrorCode.NONE.code()) {
            log.debug("the controller did not take it: {}", reply, failure);
        }
    }

    private List<Partition> unreachable(MetadataImage image) {
        var found = new ArrayList<Partition>();
        for (var topic : topics.all()) {
            for (var partition : topic.partitions()) {
                if (partition.isOffline() && isRelied(image, partition)) {
                    found.add(partition);
                }
            }
        }
        found.sort(Comparator.comparing(Partition::toString));
        return found;
    }

    /** Whether it leads, or is in sync with others: of the last one in sync nobody expects more than that it comes back. */
    private boolean isRelied(MetadataImage image, Partition partition) {
        return image.topic(partition.id().topicId())
                .flatMap(topic -> topic.partition(partition.id().partition()))
                .filter(this::isRelied)
                .isPresent();
    }

    private boolean isRelied(PartitionImage partition) {
        var self = metadata.brokerId();
        return partition.leader() == self
                || (partition.isr().contains(self) && partition.isr().size() > 1);
    }

    private static AssignReplicasToDirsRequest.Directory directory(UUID id, List<Partition> partitions) {
        Map<UUID, List<AssignReplicasToDirsRequest.Partition>> byTopic = new TreeMap<>();
        for (var partition : partitions) {
            byTopic.computeIfAbsent(partition.id().topicId(), topic -> new ArrayList<>())
                    .add(new AssignReplicasToDirsRequest.Partition(
                            partition.id().partition()));
        }
        var topics = new ArrayList<AssignReplicasToDirsRequest.Topic>();
        byTopic.forEach((topic, rows) -> topics.add(new AssignReplicasToDirsRequest.Topic(topic, rows)));
        return new AssignReplicasToDirsRequest.Directory(id, topics);
    }
}
