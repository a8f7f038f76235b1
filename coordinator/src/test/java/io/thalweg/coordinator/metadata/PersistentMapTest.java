package io.thalweg.coordinator.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.coordinator.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PersistentMapTest {

    @Test
    void behavesLikeASortedMapUnderRandomChanges() {
        Seeds.withSeed(seed -> {
            var random = new Random(seed);
            var model = new TreeMap<Integer, String>();
            PersistentMap<Integer, String> map = PersistentMap.empty();
            for (int i = 0; i < 3_000; i++) {
                int key = random.nextInt(300);
                if (random.nextInt(3) > 0) {
                    model.put(key, "value " + i);
                    map = map.with(key, "value " + i);
                } else {
                    model.remove(key);
                    map = map.without(key);
                }
                assertThat(map.get(key)).isEqualTo(model.get(key));
                assertThat(map.size()).isEqualTo(model.size());
            }
            assertThat(map.values()).containsExactlyElementsOf(model.values());
        });
    }

    @Test
    void oldMapStaysAsItWas() {
        PersistentMap<String, Integer> map =
                PersistentMap.<String, Integer>empty().with("a", 1).with("b", 2);

        var changed = map.with("a", 3).without("b").with("c", 4);

        assertThat(map.values()).containsExactly(1, 2);
        assertThat(changed.values()).containsExactly(3, 4);
    }

    @Test
    void ascendingKeysKeepTheTreeShallow() {
        PersistentMap<Integer, Integer> map = PersistentMap.empty();

        for (int i = 0; i < 10_000; i++) {
            map = map.with(i, i);
        }

        // A height-balanced tree of 10,000 is at most 1.44 times log2(10,002) high.
        assertThat(map.height()).isLessThanOrEqualTo(19);
        assertThat(List.copyOf(map.values())).isSorted().hasSize(10_000);
    }

    @Test
    void removalsKeepTheTreeShallow() {
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 10_000; i++) {
            map = map.with(i, i);
        }

        for (int i = 0; i < 9_900; i++) {
            map = map.without(i);
        }

        assertThat(map.height()).isLessThanOrEqualTo(9);
        assertThat(map.values()).hasSize(100).startsWith(9_900).endsWith(9_999);
    }

    @Test
    void removingWhatIsNotThereGivesTheSameMap() {
        PersistentMap<String, Integer> map =
                PersistentMap.<String, Integer>empty().with("a", 1);

        assertThat(map.without("b")).isSameAs(map);
    }

    @Test
    void equalMapsNeedNotHaveTheSameShape() {
        PersistentMap<Integer, Integer> up = PersistentMap.empty();
        PersistentMap<Integer, Integer> down = PersistentMap.empty();
        for (int i = 0; i < 100; i++) {
            up = up.with(i, i);
            down = down.with(99 - i, 99 - i);
        }

        assertThat(up).isEqualTo(down).hasSameHashCodeAs(down);
        assertThat(up)
                .isNotEqualTo(down.with(5, 6))
                .isNotEqualTo(down.without(5))
                .isNotEqualTo("up");
    }

    @Test
    void iterationEnds() {
        var values =
                PersistentMap.<String, Integer>empty().with("a", 1).values().iterator();
        values.next();

        assertThatThrownBy(values::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void differenceTellsEveryChangedKeyInOrder() {
        Seeds.withSeed(seed -> {
            var random = new Random(seed);
            PersistentMap<Integer, String> before = PersistentMap.empty();
            var model = new TreeMap<Integer, String>();
            for (int i = 0; i < 500; i++) {
                var value = "value " + i;
                int key = random.nextInt(1_000);
                before = before.with(key, value);
                model.put(key, value);
            }
            var after = before;
            var changedModel = new TreeMap<>(model);
            for (int i = 0; i < random.nextInt(60); i++) {
                int key = random.nextInt(1_000);
                if (random.nextBoolean()) {
                    var value = "changed " + i;
                    after = after.with(key, value);
                    changedModel.put(key, value);
                } else {
                    after = after.without(key);
                    changedModel.remove(key);
                }
            }

            assertThat(difference(before, after)).isEqualTo(difference(model, changedModel));
            assertThat(difference(after, before)).isEqualTo(difference(changedModel, model));
        });
    }

    @Test
    void differenceSkipsWhatIsShared() {
        PersistentMap<Integer, Integer> before = PersistentMap.empty();
        for (int i = 0; i < 10_000; i++) {
            before = before.with(i, i);
        }
        var compared = new ArrayList<Integer>();

        PersistentMap.difference(before, before.with(77, -77), (old, now) -> compared.add(now));

        assertThat(compared).containsExactly(-77);
    }

    private static List<String> difference(
            PersistentMap<Integer, String> before, PersistentMap<Integer, String> after) {
        var changes = new ArrayList<String>();
        PersistentMap.difference(before, after, (old, now) -> changes.add(change(old, now)));
        return changes;
    }

    private static List<String> difference(Map<Integer, String> before, Map<Integer, String> after) {
        var changes = new ArrayList<String>();
        for (int key = 0; key < 1_000; key++) {
            if (!Objects.equals(before.get(key), after.get(key))) {
                changes.add(change(before.get(key), after.get(key)));
            }
        }
        return changes;
    }

    private static String change(@Nullable String before, @Nullable String after) {
        return before + " -> " + after;
    }
}
