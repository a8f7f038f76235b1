package io.thalweg.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.broker.replication.Assignment;
import io.thalweg.broker.replication.IsrChange;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One partition on three brokers under random schedules: appends, fetches, commits, crashes that take what was not committed, elections and
 * changes of the ISR, each message as late as can be, or lost. The leaders and followers are the real ones; the controller, the network
 * and the disks are the test's.
 */
final class ReplicationScheduleTest {

    private static final int STEPS = 400;
    private static final int MIN_INSYNC = 2;
    private static final List<Integer> REPLICAS = List.of(0, 1, 2);
    private static final long LAG_NANOS = 50;

    @Test
    void whatIsAcknowledgedStaysUnderRandomSchedules() {
        run(120);
    }

    @Test
    @Tag("slow")
    void whatIsAcknowledgedStaysUnderManyRandomSchedules() {
        run(50_000);
    }

    private static void run(int rounds) {
        var given = System.getProperty("seed", "");
        var first = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        var acknowledgedCount = 0L;
        for (var seed = first; seed < first + (given.isEmpty() ? rounds : 1); seed++) {
            var world = new World(seed);
            try {
                world.run();
                acknowledgedCount += world.acknowledgedCount;
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(
                        "fails with -Dseed=" + seed + ": " + failure + "\n" + String.join("\n", world.trace), failure);
            }
        }
        assertThat(acknowledgedCount).isPositive();
    }

    /** What the controller says of the partition. */
    private record Image(int leader, int leaderEpoch, List<Integer> isr, int partitionEpoch, List<Long> brokerEpochs) {}

    /** An answer on its way to a follower. */
    private record Answer(
            FollowerPartition asker, @Nullable ByteBuffer records, EpochHistory.@Nullable End diverging, long mark) {}

    /** A change of the ISR on its way to the controller, or the answer to it on the way back. */
    private record Asked(LeaderPartition leader, IsrChange change, boolean isMade, boolean isRefused) {}

    private record Written(PendingAppend append, LeaderPartition leader, long id) {}

    private static final class Node {
        private final int id;
        private final CrashLog log = new CrashLog();
        private final Partition published = new Partition(new LogId("orders", new UUID(1, 2), 0), 0, TopicTraffic.NONE);
        private @Nullable Replica replica;
        private @Nullable Answer answer;
        private int seenPartitionEpoch = -1;
        private long brokerEpoch;
        private boolean isUp = true;

        Node(int id) {
            this.id = id;
        }
    }

    private static final class World {
        private final SplittableRandom random;
        private final ManualClock clock = new ManualClock();
        private final SteppedLoop loop = new SteppedLoop();
        private final Outbox outbox = new Outbox();
        private final List<Node> nodes = List.of(new Node(0), new Node(1), new Node(2));
        private final List<Asked> asked = new ArrayList<>();
        /** On their way to the shard, in any order. */
        private final List<Runnable> acknowledgements = new ArrayList<>();

        private final List<Written> written = new ArrayList<>();
        private final Map<LeaderPartition, Long> marks = new LinkedHashMap<>();
        /** By offset: the records that consumers may have seen. */
        private final TreeMap<Long, Long> shown = new TreeMap<>();

        private final List<String> trace = new ArrayList<>();
        private Image image = new Image(0, 0, REPLICAS, 0, List.of(0L, 0L, 0L));
        private long nextId;
        private long acknowledgedCount;

        World(long seed) {
            random = new SplittableRandom(seed);
        }

        void run() {
            for (var step = 0; step < STEPS; step++) {
                step(nodes.get(random.nextInt(3)));
                check();
            }
            heal();
        }

        private void step(Node node) {
            clock.nanos += random.nextInt(5);
            switch (random.nextInt(24)) {
                case 0, 1, 2, 3 -> append(node);
                case 4, 5, 6, 7, 8 -> fetch(node);
                case 9, 10, 11, 12 -> answer(node);
                case 13, 14 -> commit(node);
                case 15 -> propose(node);
                case 16 -> decide();
                case 17 -> see(node);
                case 18 -> clock.nanos += random.nextInt(60);
                case 19, 20, 21, 22 -> acknowledge();
                default -> disturb(node);
            }
        }

        private void disturb(Node node) {
            switch (random.nextInt(4)) {
                case 0 -> crash(node);
                case 1 -> elect();
                case 2 -> node.answer = release(node);
                default -> restart(node);
            }
        }

        private void append(Node node) {
            if (node.replica instanceof LeaderPartition leader) {
                var id = ++nextId;
                var builder = new RecordBatchBuilder(1 << 10);
                builder.append(id, null, ByteBuffer.wrap(Long.toString(id).getBytes(StandardCharsets.UTF_8)));
                var bytes = builder.build();
                var append = new PendingAppend(node.published, Batches.view(bytes), bytes);
                new AppendGroup(List.of(append), Acks.ALL, Long.MAX_VALUE, loop, () -> {}, () -> {});
                written.add(new Written(append, leader, id));
                leader.append(append);
                leader.flush();
                trace.add("append " + id + " on " + node.id + " at " + append.baseOffset());
            }
        }

        private void commit(Node node) {
            var replica = node.replica;
            if (replica != null) {
                node.log.commit();
                replica.committed(replica.endOffset());
                trace.add("commit on " + node.id + " up to " + replica.endOffset());
            }
        }

        private void fetch(Node node) {
            if (!(node.replica instanceof FollowerPartition follower)
                    || node.answer != null
                    || !follower.isReady()
                    || follower.following().leaderId() < 0) {
                return;
            }
            var leaderNode = nodes.get(follower.following().leaderId());
            if (leaderNode.replica instanceof LeaderPartition leader
                    && leader.leaderEpoch() == follower.following().leaderEpoch()
                    && image.brokerEpochs.get(node.id) == node.brokerEpoch) {
                var from = follower.endOffset();
                var end = leaderNode.published.logEndOffset();
                var diverging = leaderNode
                        .published
                        .epochs()
                        .parting(follower.lastEpoch(), from, leader.leaderEpoch(), end)
                        .filter(unused -> follower.lastEpoch() >= 0);
                trace.add("fetch by " + node.id + " from " + from + " diverging " + diverging);
                if (diverging.isEmpty()) {
                    assertThat(from).isLessThanOrEqualTo(end);
                    var brokerEpoch = node.brokerEpoch;
                    var leaderEpoch = leader.leaderEpoch();
                    acknowledgements.add(() -> {
                        if (leaderNode.replica instanceof LeaderPartition current) {
                            current.acknowledged(node.id, brokerEpoch, from, leaderEpoch);
                        }
                    });
                }
                node.answer = new Answer(
                        follower,
                        diverging.isEmpty() ? read(leaderNode, from) : null,
                        diverging.orElse(null),
                        leaderNode.published.highWatermark());
            }
        }

        private void acknowledge() {
            if (!acknowledgements.isEmpty()) {
                acknowledgements.remove(random.nextInt(acknowledgements.size())).run();
            }
        }

        private ByteBuffer read(Node node, long from) {
            var limit = 1 + random.nextInt(3);
            var buffer = ByteBuffer.allocate(1 << 12);
            node.log.batches().stream()
                    .filter(batch -> batch.baseOffset() >= from)
                    .limit(limit)
                    .forEach(batch -> buffer.put(batch.bytes().duplicate()));
            return buffer.flip();
        }

        private void answer(Node node) {
            var answer = node.answer;
            if (answer == null) {
                return;
            }
            node.answer = null;
            var follower = answer.asker();
            if (node.replica != follower || !follower.isReady()) {
                return;
            }
            var diverging = answer.diverging();
            if (diverging != null) {
                var cut = follower.cutFor(diverging);
                trace.add("cut " + node.id + " to " + cut);
                assertThat(cut).isLessThan(follower.endOffset());
                follower.cutting();
                node.log.truncateTo(cut).toCompletableFuture().join();
                follower.cut(restore(node));
            } else if (answer.records() != null && follower.stage(answer.records(), answer.mark())) {
                assertThat(follower.flush()).isTrue();
                trace.add("fetched on " + node.id + " up to " + follower.endOffset());
            }
        }

        private static @Nullable Answer release(Node node) {
            return node.answer == null || node.replica == node.answer.asker() ? null : node.answer;
        }

        private static RestoredLog restore(Node node) {
            return LogRestore.of(node.log, node.log).toCompletableFuture().join();
        }

        private void propose(Node node) {
            if (node.replica instanceof LeaderPartition leader) {
                leader.proposeIsr(LAG_NANOS).ifPresent(change -> {
                    trace.add(node.id + " proposes " + change);
                    asked.add(new Asked(leader, change, false, false));
                });
            }
        }

        /** The controller decides, or its answer arrives, or either is lost. */
        private void decide() {
            if (asked.isEmpty()) {
                return;
            }
            var each = asked.remove(random.nextInt(asked.size()));
            var isLost = random.nextInt(4) == 0;
            if (isLost) {
                each.leader().isrUndecided(each.change());
            } else if (each.isRefused()) {
                each.leader().isrRefused(each.change(), 10);
            } else if (!each.isMade()) {
                consider(each);
            }
        }

        private void consider(Asked each) {
            var change = each.change();
            if (each.leader().leaderEpoch() != image.leaderEpoch()
                    || change.partitionEpoch() != image.partitionEpoch()) {
                return;
            }
            var isEligible = change.inSync().stream()
                    .allMatch(member -> nodes.get(member.brokerId()).isUp
                            && (member.brokerEpoch() < 0
                                    || member.brokerEpoch()
                                            == image.brokerEpochs().get(member.brokerId())));
            if (isEligible) {
                var isr =
                        change.inSync().stream().map(IsrChange.Member::brokerId).toList();
                publish(image.leader(), image.leaderEpoch(), isr);
            }
            asked.add(new Asked(each.leader(), change, isEligible, !isEligible));
        }

        private void publish(int leader, int leaderEpoch, List<Integer> isr) {
            var epochs = nodes.stream().map(node -> node.brokerEpoch).toList();
            image = new Image(leader, leaderEpoch, isr, image.partitionEpoch() + 1, epochs);
            trace.add("controller: " + image);
        }

        private void elect() {
            var candidates =
                    image.isr().stream().filter(id -> nodes.get(id).isUp).toList();
            var leader = candidates.isEmpty() ? -1 : candidates.get(random.nextInt(candidates.size()));
            publish(leader, image.leaderEpoch() + 1, image.isr());
        }

        private void crash(Node node) {
            if (!node.isUp) {
                return;
            }
            trace.add("crash " + node.id);
            node.isUp = false;
            node.log.crash();
            node.replica = null;
            node.answer = null;
            // Whoever waited for it hears nothing.
            written.removeIf(each -> each.leader().state().published() == node.published
                    && !each.append().isAnswered());
            marks.keySet().removeIf(leader -> leader.state().published() == node.published);
            var rest = new TreeSet<>(image.isr());
            rest.remove(node.id);
            var isr = rest.isEmpty() ? image.isr() : List.copyOf(rest);
            var leads = image.leader() == node.id;
            publish(leads ? -1 : image.leader(), image.leaderEpoch() + (leads ? 1 : 0), isr);
            if (leads) {
                elect();
            }
        }

        private void restart(Node node) {
            if (node.isUp) {
                return;
            }
            trace.add("restart " + node.id);
            node.isUp = true;
            node.brokerEpoch++;
            node.seenPartitionEpoch = -1;
            publish(image.leader(), image.leaderEpoch(), image.isr());
            if (image.leader() < 0) {
                elect();
            }
        }

        /** The newest image arrives. */
        private void see(Node node) {
            if (!node.isUp || node.seenPartitionEpoch == image.partitionEpoch()) {
                return;
            }
            node.seenPartitionEpoch = image.partitionEpoch();
            var current = node.replica;
            if (image.leader() == node.id) {
                var leading = new Leading(
                        node.id,
                        image.leaderEpoch(),
                        new Assignment(REPLICAS, image.isr(), image.partitionEpoch()),
                        MIN_INSYNC);
                if (current instanceof LeaderPartition leader && leader.leaderEpoch() == image.leaderEpoch()) {
                    leader.update(leading);
                } else {
                    node.replica = LeaderPartition.begin(takeOver(node, current), leading, loop, outbox, clock);
                    trace.add(node.id + " leads in " + image.leaderEpoch() + " from " + node.replica.endOffset());
                }
                return;
            }
            var following = new Following(node.id, image.leader(), image.leaderEpoch(), null);
            if (!(current instanceof FollowerPartition follower
                    && follower.following().equals(following))) {
                node.replica = FollowerPartition.begin(takeOver(node, current), following, loop, outbox);
                trace.add(node.id + " follows " + image.leader() + " in " + image.leaderEpoch());
            }
        }

        private static ReplicaLog takeOver(Node node, @Nullable Replica current) {
            if (current == null) {
                return new ReplicaLog(node.published, restore(node));
            }
            current.close(ErrorCode.NOT_LEADER_OR_FOLLOWER, "its role has changed");
            return current.state();
        }

        private void check() {
            checkMarks();
            checkAcknowledged();
            for (var node : nodes) {
                if (node.replica instanceof FollowerPartition follower && !follower.holdsFetched()) {
                    assertThat(follower.state().epochs())
                            .as("the epochs of %s", node.id)
                            .isEqualTo(restore(node).epochs());
                }
            }
        }

        /** The high watermark of a leader never goes back, and what lies below it is the same everywhere and for ever. */
        private void checkMarks() {
            for (var node : nodes) {
                if (node.replica == null) {
                    continue;
                }
                var mark = node.published.highWatermark();
                assertThat(mark).isLessThanOrEqualTo(node.published.logEndOffset());
                if (node.replica instanceof LeaderPartition leader) {
                    assertThat(mark).isGreaterThanOrEqualTo(marks.getOrDefault(leader, 0L));
                    marks.put(leader, mark);
                }
                for (var batch : node.log.batches()) {
                    if (batch.lastOffset() < mark) {
                        var before = shown.putIfAbsent(batch.baseOffset(), batch.maxTimestamp());
                        assertThat(before == null || before == batch.maxTimestamp())
                                .as("offset %s on %s", batch.baseOffset(), node.id)
                                .isTrue();
                    }
                }
            }
        }

        private void checkAcknowledged() {
            for (var each : List.copyOf(written)) {
                if (each.append().isAnswered()) {
                    written.remove(each);
                    if (each.append().result().error() == ErrorCode.NONE) {
                        acknowledgedCount++;
                        var offset = each.append().result().baseOffset();
                        trace.add("acknowledged " + each.id() + " at " + offset);
                        assertThat(shown).containsEntry(offset, each.id());
                        assertThat(holdersOf(offset, each.id())).isGreaterThanOrEqualTo(MIN_INSYNC);
                    }
                }
            }
            // Whoever may be elected holds everything that was ever shown, on its disk.
            for (var id : image.isr()) {
                assertThat(durable(nodes.get(id)))
                        .as("what broker %s of the ISR holds", id)
                        .containsAllEntriesOf(shown);
            }
        }

        private long holdersOf(long offset, long id) {
            return nodes.stream()
                    .filter(node -> durable(node).getOrDefault(offset, -1L) == id)
                    .count();
        }

        private static Map<Long, Long> durable(Node node) {
            var durable = new TreeMap<Long, Long>();
            for (Batch batch : node.log.batches()) {
                if (batch.lastOffset() < node.log.offsets().durable()) {
                    durable.put(batch.baseOffset(), batch.maxTimestamp());
                }
            }
            return durable;
        }

        /** Without further faults everybody has the same log and every append is answered. */
        private void heal() {
            nodes.forEach(this::restart);
            elect();
            for (var round = 0; round < 200; round++) {
                clock.nanos += 5;
                for (var node : nodes) {
                    see(node);
                    fetch(node);
                    answer(node);
                    commit(node);
                    propose(node);
                    while (!acknowledgements.isEmpty()) {
                        acknowledge();
                    }
                }
                while (!asked.isEmpty()) {
                    decide();
                }
                check();
            }
            assertThat(image.isr()).containsExactlyInAnyOrderElementsOf(REPLICAS);
            assertThat(written).isEmpty();
            var logs = nodes.stream().map(World::durable).distinct().toList();
            assertThat(logs).hasSize(1);
            assertThat(nodes.get(image.leader()).published.highWatermark())
                    .isEqualTo(nodes.get(image.leader()).log.offsets().end());
        }
    }
}
