package io.thalweg.coordinator.group.assign;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives every member as many partitions as the others, give or take one, as far as subscriptions allow, and lets members keep what they
 * have as long as that does not stand in the way.
 */
public final class UniformAssignor implements PartitionAssignor {

    @Override
    public SortedMap<String, AssignedPartitions> assign(
            List<Subscriber> subscribers, SortedMap<UUID, Integer> partitionCounts) {
        var spread = new Spread(subscribers, partitionCounts);
        spread.keep();
        spread.handOut();
        spread.balance();
        return spread.result();
    }

    /** A member and how much it has so far. */
    private static final class Load {

        private final Subscriber subscriber;
        private final AssignedPartitions.Builder partitions = new AssignedPartitions.Builder();
        private int count;

        private Load(Subscriber subscriber) {
            this.subscriber = subscriber;
        }
    }

    /** One assignment on its way. Confined to one call. */
    private static final class Spread {

        /** Every pass but the last moves a partition to somebody who has two less, so that few passes settle it; this many always do. */
        private static final int MAX_PASSES = 64;

        private static final Comparator<Load> LEAST_FIRST =
                Comparator.comparingInt((Load load) -> load.count).thenComparing(load -> load.subscriber.memberId());

        private final SortedMap<UUID, Integer> partitionCounts;
        private final List<Load> loads;
        private final SortedMap<UUID, List<Load>> wanting = new TreeMap<>();
        private final SortedMap<UUID, @Nullable Load[]> owners = new TreeMap<>();
        private final boolean isUniform;

        Spread(List<Subscriber> subscribers, SortedMap<UUID, Integer> partitionCounts) {
            this.partitionCounts = partitionCounts;
            this.loads = subscribers.stream().map(Load::new).toList();
            partitionCounts.forEach((topic, count) -> {
                owners.put(topic, new Load[count]);
                wanting.put(
                        topic,
                        loads.stream()
                                .filter(load -> load.subscriber.topics().contains(topic))
                                .toList());
            });
            this.isUniform = wanting.values().stream().allMatch(list -> list.size() == loads.size());
        }

        void keep() {
            for (var load : loads) {
                load.subscriber.former().forEach((topic, partition, epoch) -> {
                    var places = owners.get(topic);
                    if (places != null
                            && partition < places.length
                            && places[partition] == null
                            && load.subscriber.topics().contains(topic)) {
                        give(places, partition, load);
                    }
                });
            }
        }

        private static void give(@Nullable Load[] places, int partition, Load load) {
            var former = places[partition];
            if (former != null) {
                former.count--;
            }
            places[partition] = load;
            load.count++;
        }

        /** Topics that few want come first, as there is least choice. */
        void handOut() {
            var topics = new ArrayList<>(partitionCounts.keySet());
            topics.sort(Comparator.comparingInt(topic -> wantingOf(topic).size()));
            for (var topic : topics) {
                var choice = new TreeSet<>(LEAST_FIRST);
                choice.addAll(wantingOf(topic));
                var places = placesOf(topic);
                for (var partition = 0; partition < places.length && !choice.isEmpty(); partition++) {
                    if (places[partition] == null) {
                        var least = choice.pollFirst();
                        give(places, partition, least);
                        choice.add(least);
                    }
                }
            }
        }

        private List<Load> wantingOf(UUID topic) {
            return wanting.getOrDefault(topic, List.of());
        }

        private @Nullable Load[] placesOf(UUID topic) {
            return owners.getOrDefault(topic, new Load[0]);
        }

        void balance() {
            var hasMoved = true;
            for (var pass = 0; hasMoved && pass < MAX_PASSES; pass++) {
                hasMoved = false;
                for (var topic : partitionCounts.keySet()) {
                    hasMoved |= balance(topic);
                }
            }
        }

        private boolean balance(UUID topic) {
            var choice = new TreeSet<>(LEAST_FIRST);
            choice.addAll(wantingOf(topic));
            var places = placesOf(topic);
            var hasMoved = false;
            for (var partition = places.length - 1; partition >= 0; partition--) {
                var owner = places[partition];
                if (owner != null && owner.count > choice.first().count + 1) {
                    var least = choice.first();
                    choice.remove(least);
                    choice.remove(owner);
                    give(places, partition, least);
                    choice.add(least);
                    choice.add(owner);
                    hasMoved = true;
                }
            }
            return hasMoved && !isUniform;
        }

        SortedMap<String, AssignedPartitions> result() {
            owners.forEach((topic, places) -> {
                for (var partition = 0; partition < places.length; partition++) {
                    var owner = places[partition];
                    if (owner != null) {
                        owner.partitions.add(topic, partition, 0);
                    }
                }
            });
            var result = new TreeMap<String, AssignedPartitions>();
            loads.forEach(load -> result.put(load.subscriber.memberId(), load.partitions.build()));
            return result;
        }
    }
}
