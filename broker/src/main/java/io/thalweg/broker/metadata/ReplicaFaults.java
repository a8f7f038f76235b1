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
import io.thalweg.spi.storage.LogId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the controller, with AssignReplicasToDirs, of replicas here that cannot be served or are damaged while the newest image would have
 * them lead, be in sync or be eligible, and has damaged ones fetched anew once it would not; and of sound ones that have everything where
 * nobody leads, as they may have been out of reach; and of those it leads on a disk without room. Owned by the controller's event loop.
 *
 * <p>What is done follows from how things are at the moment, so that nothing has to be remembered: neither here, where a log may have
 * been opened again meanwhile, nor by a controller that is a new one.
 */
public final class ReplicaFaults {

    private static final Logger log = LoggerFactory.getLogger(ReplicaFaults.class);

    private final EventLoop loop;
    private final ControllerChannel controller;
    private final MetadataFollower metadata;
    private final TopicTable topics;

    /** Those that are being fetched anew. */
    private final Set<LogId> renewing = new HashSet<>();

    private boolean isTelling;

    /** The same is logged once. */
    private String lastTold = "";

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

    /** What is wrong at the moment, in the order of the partitions' names. */
    private static final class Faults {

        private final List<Partition> outOfReach = new ArrayList<>();
        private final List<Partition> damaged = new ArrayList<>();
        private final List<Partition> toRenew = new ArrayList<>();
        private final List<Partition> unled = new ArrayList<>();

        boolean isNothingToTell() {
            return outOfReach.isEmpty() && damaged.isEmpty() && unled.isEmpty();
        }
    }

    /** Does what is to be done; a timer calls it every now and then. Any thread. */
    public void look() {
        hop(this::lookNow);
    }

    private void hop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("the broker has stopped", e);
        }
    }

    private void lookNow() {
        assert loop.isCurrent();
        var image = metadata.known();
        var faults = faults(image);
        faults.toRenew.forEach(partition -> renew(partition.id()));
        if (!isTelling && !faults.isNothingToTell()) {
            image.broker(metadata.brokerId()).map(BrokerImage::epoch).ifPresent(epoch -> tell(faults, epoch));
        }
    }

    private Faults faults(MetadataImage image) {
        var unsound = new ArrayList<Partition>();
        var faults = new Faults();
        for (var topic : topics.all()) {
            for (var partition : topic.partitions()) {
                if (partition.isOffline() || partition.isDamaged()) {
                    unsound.add(partition);
                } else if (partition.isFull()
                        && find(image, partition.id()).filter(this::canGiveAway).isPresent()) {
                    faults.outOfReach.add(partition);
                } else if (find(image, partition.id()).filter(this::isUnled).isPresent()) {
                    faults.unled.add(partition);
                }
            }
        }
        unsound.sort(Comparator.comparing(Partition::toString));
        unsound.forEach(partition -> find(image, partition.id()).ifPresent(as -> sort(partition, as, faults)));
        return faults;
    }

    /** Others that are in sync may have room for what this leader has none for. */
    private boolean canGiveAway(PartitionImage as) {
        return as.leader() == metadata.brokerId() && as.isr().size() > 1;
    }

    private boolean isUnled(PartitionImage as) {
        var self = metadata.brokerId();
        return !as.hasLeader() && (as.isr().contains(self) || as.elr().contains(self));
    }

    private static Optional<PartitionImage> find(MetadataImage image, LogId id) {
        return image.topic(id.topicId()).flatMap(topic -> topic.partition(id.partition()));
    }

    /**
     * Of the last one in sync nobody expects more than that it comes back, and if it is damaged that it goes on with what it has. One
     * that is about to come back by itself goes on leading where no other could.
     */
    private void sort(Partition partition, PartitionImage as, Faults faults) {
        var self = metadata.brokerId();
        var isInSync = as.isr().contains(self);
        if (!partition.isDamaged()) {
            var isAnother = as.isr().size() + as.elr().size() > 1;
            if (partition.isAwaited()
                    ? isInSync && isAnother
                    : as.leader() == self || (isInSync && as.isr().size() > 1)) {
                faults.outOfReach.add(partition);
            }
        } else if (as.elr().contains(self)
                || (isInSync && as.isr().size() + as.elr().size() > 1)) {
            faults.damaged.add(partition);
        } else if (!isInSync && as.hasLeader()) {
            faults.toRenew.add(partition);
        }
    }

    private void renew(LogId id) {
        if (renewing.add(id)) {
            metadata.fetchAnew(id)
                    .whenComplete((nothing, failure) -> hop(() -> {
                        renewing.remove(id);
                        if (failure != null) {
                            log.warn("{} could not be begun anew and is tried again", id, failure);
                        }
                    }));
        }
    }

    private void tell(Faults faults, long brokerEpoch) {
        var text = faults.outOfReach + ", and has damaged " + faults.damaged;
        var isUnledOnly = faults.outOfReach.isEmpty() && faults.damaged.isEmpty();
        if (!isUnledOnly && !text.equals(lastTold)) {
            log.warn("broker {} cannot serve {}: others are to lead them", metadata.brokerId(), text);
            lastTold = text;
        }
        isTelling = true;
        var request = AssignReplicasToDirsRequest.builder()
                .brokerId(metadata.brokerId())
                .brokerEpoch(brokerEpoch)
                .directories(List.of(
                        directory(UnusableReplicas.OUT_OF_REACH, faults.outOfReach),
                        directory(UnusableReplicas.DAMAGED, faults.damaged),
                        directory(UnusableReplicas.WITHIN_REACH, faults.unled)))
                .build();
        controller
                .call(request, AssignReplicasToDirsResponse.class)
                .whenComplete((reply, failure) -> hop(() -> told(reply, failure)));
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

    private void told(@Nullable AssignReplicasToDirsResponse reply, @Nullable Throwable failure) {
        isTelling = false;
        if (reply == null || reply.errorCode() != ErrorCode.NONE.code()) {
            log.debug("the controller did not take it: {}", reply, failure);
        }
    }
}
