package io.thalweg.coordinator.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the keys of values that are not equal; confined to one comparison. */
final class ChangedKeys<V, K> implements PersistentMap.Difference<V> {

    private final Function<V, K> keyOf;
    private final List<K> keys = new ArrayList<>();

    ChangedKeys(Function<V, K> keyOf) {
        this.keyOf = keyOf;
    }

    @Override
    public void changed(@Nullable V before, @Nullable V after) {
        if (!Objects.equals(before, after)) {
            keys.add(keyOf.apply(after == null ? Objects.requireNonNull(before) : after));
        }
    }

    List<K> keys() {
        return keys;
    }
}
