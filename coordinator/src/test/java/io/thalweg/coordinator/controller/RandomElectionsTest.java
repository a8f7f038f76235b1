package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.Seeds;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.record.BrokerFenceRecord;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest;
import io.thalweg.protocol.message.AlterPartitionRequest;
import io.thalweg.protocol.message.AlterPartitionRequest.BrokerState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Brokers that come, go and start again at random, ISRs that shrink and grow, reassignments: what is acknowledged is held by every
 * leader.
 *
 * <p>The model counts records. The high watermark moves up to what the whole ISR has, while that is large enough; a replica that leaves
 * keeps what it had then; one that starts again uncleanly has nothing. So long as the high watermark only counts what at least two hold and
 * only one at a time starts uncleanly, no leader may lack a record below it.
 */
final class RandomElectionsTest {

    private static final int BROKERS = 5;
    private static final int STEPS = 300;
    private static final int RUNS = 60;

    private final Elections elections = Cluster.elections();

    @Test
    void noLeaderLacksWhatWasAcknowledged() {
        Seeds.withSeed(seed -> {
            var random = new Random(seed);
            for (int run = 0; run < RUNS; run++) {
                new Run(new Random(random.nextLong())).go();
            }
        });
    }

    private final class Run {

        private final Random random;
        private final Cluster cluster = Cluster.withBrokers(1, 2, 3, 4, 5)
                .topic("orders", 1, 1, 2, 3)
                .config(ConfigResource.ofTopic("orders"), "min.insync.replicas", "2");
        private final long[] held = new long[BROKERS + 1];
        private long highWatermark;

        Run(Random random) {
            this.random = random;
        }

        private PartitionImage partition() {
            return cluster.partition("orders", 0);
        }

        private boolean isActive(int broker) {
            return cluster.image().isActive(broker);
        }

        void go() {
            var history = new ArrayList<String>();
            for (int step = 0; step < STEPS; step++) {
                var before = partition();
                history.add(step());
                var after = partition();
                check(before, after, history);
            }
        }

        private String step() {
            int broker = 1 + random.nextInt(BROKERS);
            return switch (random.nextInt(7)) {
                case 0 -> fence(broker);
                case 1, 2 -> unfence(broker);
                case 3 -> restart(broker);
                case 4 -> alterIsr();
                case 5 -> random.nextInt(4) == 0 ? reassign() : write();
                default -> write();
            };
        }

        private String fence(int broker) {
            if (isActive(broker)) {
                cluster.replay(List.of(fenced(broker, true)));
                cluster.replay(elections.withoutBroker(cluster.image(), broker));
            }
            return "fence " + broker;
        }

        private String unfence(int broker) {
            if (!isActive(broker)) {
                cluster.replay(List.of(fenced(broker, false)));
                cluster.replay(elections.withBroker(cluster.image(), broker));
                follow();
            }
            return "unfence " + broker;
        }

        private BrokerFenceRecord fenced(int broker, boolean isFenced) {
            return new BrokerFenceRecord(broker, broker - 1, isFenced);
        }

        /** Never of the last that has everything: that loss nobody could make up for. */
        private String restart(int broker) {
            boolean othersHaveAll = IntStream.rangeClosed(1, BROKERS)
                    .anyMatch(other -> other != broker
                            && (partition().isr().contains(other)
                                    || partition().elr().contains(other)));
            if (othersHaveAll) {
                if (isActive(broker)) {
                    cluster.replay(List.of(fenced(broker, true)));
                }
                held[broker] = 0;
                cluster.replay(elections.withoutRestarted(cluster.image(), broker, true));
                follow();
            }
            return "restart " + broker;
        }

        /** The leader writes; who is active and in sync has it at once. */
        private String write() {
            var partition = partition();
            if (partition.hasLeader()) {
                held[partition.leader()]++;
                follow();
            }
            return "write";
        }

        private void follow() {
            var partition = partition();
            if (!partition.hasLeader()) {
                return;
            }
            for (int replica : partition.isr()) {
                if (isActive(replica)) {
                    held[replica] = held[partition.leader()];
                }
            }
            if (partition.isr().size() >= 2) {
                highWatermark = Math.max(
                        highWatermark,
                        partition.isr().stream().mapToLong(id -> held[id]).min().orElseThrow());
            }
        }

        private String alterIsr() {
            var partition = partition();
            if (!partition.hasLeader()) {
                return "no leader to alter the ISR";
            }
            var isr = new TreeSet<Integer>(List.of(partition.leader()));
            for (int replica : partition.replicas()) {
                if (isActive(replica) && random.nextBoolean()) {
                    isr.add(replica);
                    held[replica] = held[partition.leader()];
                }
            }
            var row = AlterPartitionRequest.Partition.builder()
                    .partitionIndex(0)
                    .leaderEpoch(partition.leaderEpoch())
                    .partitionEpoch(partition.partitionEpoch())
                    .newIsrWithEpochs(
                            isr.stream().map(id -> new BrokerState(id, id - 1)).toList())
                    .build();
            cluster.decide(
                    new AlterPartitionDecider(elections),
                    AlterPartitionRequest.builder()
                            .brokerId(partition.leader())
                            .brokerEpoch(partition.leader() - 1)
                            .topics(List.of(new AlterPartitionRequest.Topic(Cluster.topicId("orders"), List.of(row))))
                            .build());
            follow();
            return "ISR " + isr;
        }

        private String reassign() {
            var all = new ArrayList<>(List.of(1, 2, 3, 4, 5));
            Collections.shuffle(all, random);
            var target = random.nextInt(4) == 0 ? null : List.copyOf(all.subList(0, 3));
            cluster.decide(
                    new ReassignmentDecider(elections),
                    AlterPartitionReassignmentsRequest.builder()
                            .topics(List.of(new AlterPartitionReassignmentsRequest.Topic(
                                    "orders", List.of(new AlterPartitionReassignmentsRequest.Partition(0, target)))))
                            .build());
            follow();
            return "reassign to " + target;
        }

        private void check(PartitionImage before, PartitionImage after, List<String> history) {
            var told = "after " + history + ": " + after + ", held "
                    + List.of(held[1], held[2], held[3], held[4], held[5]) + ", high watermark " + highWatermark;
            if (after.hasLeader()) {
                assertThat(held[after.leader()]).as(told).isGreaterThanOrEqualTo(highWatermark);
                assertThat(isActive(after.leader())).as(told).isTrue();
            }
            after.elr().forEach(id -> assertThat(held[id]).as(told).isGreaterThanOrEqualTo(highWatermark));
            if (after.isr().size() >= 2) {
                assertThat(after.elr()).as(told).isEmpty();
            }
            assertThat(after.partitionEpoch())
                    .as(told)
                    .isEqualTo(before.equals(after) ? before.partitionEpoch() : before.partitionEpoch() + 1);
            if (after.leader() != before.leader()) {
                assertThat(after.leaderEpoch()).as(told).isEqualTo(before.leaderEpoch() + 1);
            }
        }
    }
}
