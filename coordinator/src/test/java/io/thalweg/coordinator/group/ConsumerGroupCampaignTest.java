package io.thalweg.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.Seeds;
import io.thalweg.protocol.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Members come, go, fall silent, lose answers and take their time, topics grow and the coordinator is loaded again; nobody ever uses what
 * another one does.
 */
final class ConsumerGroupCampaignTest {

    private static final int ROUNDS = 25;
    private static final int STEPS = 120;

    @Test
    void noPartitionHasTwoOwnersAndInTheEndEachHasOne() {
        Seeds.withSeed(seed -> {
            var random = new SplittableRandom(seed);
            for (var round = 0; round < ROUNDS; round++) {
                new Campaign(random.split()).run();
            }
        });
    }

    private static final class Campaign {

        private final SplittableRandom random;
        private final ConsumerFixture consumers = new ConsumerFixture();
        private final List<ConsumerFixture.Client> clients = new ArrayList<>();
        private int partitionCount = 5;
        private int nextId;

        Campaign(SplittableRandom random) {
            this.random = random;
        }

        void run() {
            consumers.topic("a", partitionCount);
            consumers.topic("b", 3);
            for (var step = 0; step < STEPS; step++) {
                step();
                check();
            }
            settle();
        }

        private void step() {
            switch (random.nextInt(10)) {
                case 0 -> join();
                case 1 -> leave();
                case 2 -> {
                    partitionCount++;
                    consumers.topic("a", partitionCount);
                }
                case 3 -> consumers.groups.restart();
                case 4 -> pass(random.nextInt(20_000));
                default -> beat();
            }
        }

        private void join() {
            if (clients.size() < 6) {
                var topics = random.nextInt(3) == 0 ? new String[] {"b"} : new String[] {"a", "b"};
                var client = consumers.client("client-" + nextId++, topics);
                client.isLate = random.nextBoolean();
                clients.add(client);
                client.join();
            }
        }

        private void leave() {
            if (!clients.isEmpty()) {
                var client = clients.remove(random.nextInt(clients.size()));
                if (random.nextBoolean()) {
                    client.leave();
                } else {
                    // It is gone without a word: it uses nothing, the coordinator does not know.
                    client.used.clear();
                }
            }
        }

        /** Who has heard nothing for long uses nothing any more: the time limits of the coordinator are longer. */
        private void pass(int millis) {
            consumers.groups.time.advance(Duration.ofMillis(millis));
            for (var client : List.copyOf(clients)) {
                client.deafMillis += millis;
                if (client.deafMillis >= ConsumerFixture.REBALANCE_MILLIS - 5000) {
                    clients.remove(client);
                    client.used.clear();
                }
            }
            for (var client : clients) {
                if (random.nextInt(4) > 0) {
                    beat(client);
                }
            }
        }

        private void beat() {
            if (!clients.isEmpty()) {
                beat(clients.get(random.nextInt(clients.size())));
            }
        }

        private void beat(ConsumerFixture.Client client) {
            if (random.nextInt(8) == 0) {
                client.beatInVain();
                return;
            }
            if (client.beat() != ErrorCode.NONE) {
                client.join();
            }
        }

        private void check() {
            var users = new HashMap<String, String>();
            for (var client : clients) {
                for (var partition : client.used) {
                    var other = users.put(partition, client.id);
                    assertThat(other)
                            .as("another user of " + partition + " than " + client.id)
                            .isNull();
                }
            }
        }

        private void settle() {
            if (clients.isEmpty()) {
                join();
            }
            for (var beat = 0; beat < 20; beat++) {
                consumers.groups.time.advance(Duration.ofSeconds(5));
                for (var client : clients) {
                    if (client.beat() != ErrorCode.NONE) {
                        client.join();
                    }
                    check();
                }
            }
            var wanted = clients.stream().anyMatch(client -> client.topics.contains("a")) ? partitionCount + 3 : 3;
            assertThat(clients.stream().mapToInt(ConsumerFixture.Client::count).sum())
                    .isEqualTo(wanted);
            assertThat(consumers.describe().groupState()).isEqualTo("Stable");
        }
    }
}
