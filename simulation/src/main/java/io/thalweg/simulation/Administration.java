package io.thalweg.simulation;

import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.simulation.cluster.SimulatedCluster;
import io.thalweg.simulation.cluster.SimulatedNode;
import io.thalweg.simulation.load.Administrator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What administrators do to the cluster while it is used, one thing at a time. Owned by the scheduler. */
final class Administration {

    private static final String TOPIC = "orders";
    private static final int MOST_PARTITIONS = 4;

    private final WorldPlan plan;
    private final SimulatedCluster cluster;
    private final Administrator administrator;
    private final IntConsumer user;
    private final Random random;
    private int partitions;

    /** One for whom a new partition is given to its user. */
    Administration(WorldPlan plan, SimulatedCluster cluster, Administrator administrator, IntConsumer user) {
        this.plan = plan;
        this.cluster = cluster;
        this.administrator = administrator;
        this.user = user;
        this.random = cluster.scheduler().random();
        this.partitions = plan.partitions();
    }

    /** Asks for something. */
    void act() {
        switch (random.nextInt(8)) {
            case 0, 1 -> administrator.electPreferred(TOPIC, random.nextInt(partitions));
            case 2, 3 -> reassign();
            case 4 -> administrator.cancelReassignment(TOPIC, random.nextInt(partitions));
            case 5 -> unregister();
            case 6 -> configure();
            default -> changeTopic();
        }
    }

    private void reassign() {
        var replicas = IntStream.rangeClosed(1, plan.nodes()).boxed().collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(replicas, random);
        if (!cluster.ledger().canLoseReplicas()) {
            return;
        }
        administrator.reassign(TOPIC, random.nextInt(partitions), replicas.subList(0, 2 + random.nextInt(2)));
    }

    private void unregister() {
        if (!cluster.ledger().canLoseReplicas()) {
            return;
        }
        cluster.nodes().stream()
                .filter(node -> !node.isUp())
                .map(SimulatedNode::id)
                .findFirst()
                .ifPresent(broker -> {
                    cluster.ledger().givenUp(broker);
                    administrator.unregister(broker);
                });
    }

    private void configure() {
        if (plan.isMinIsrChanged() && random.nextBoolean()) {
            administrator.configure(TOPIC, Map.of("min.insync.replicas", Integer.toString(1 + random.nextInt(2))));
        } else if (!plan.isWholeLogKept() && random.nextBoolean()) {
            administrator.configure(TOPIC, Map.of("retention.bytes", Integer.toString(1 << (9 + random.nextInt(5)))));
        } else {
            administrator.configure(TOPIC, Map.of("segment.ms", Integer.toString(10 << random.nextInt(10))));
        }
    }

    private Optional<TopicImage> topic() {
        return cluster.image().topic(TOPIC);
    }

    private void changeTopic() {
        if (!plan.canTopicsGo() || !administrator.isIdle()) {
            return;
        }
        if (partitions < MOST_PARTITIONS && random.nextBoolean()) {
            partitions++;
            administrator.expand(TOPIC, partitions);
            user.accept(partitions - 1);
        } else {
            topic().ifPresent(topic -> administrator.delete(
                    topic.id(), () -> administrator.create(TOPIC, partitions, 3, plan.configs(), () -> {})));
        }
    }
}
