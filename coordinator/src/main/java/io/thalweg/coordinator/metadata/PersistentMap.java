package io.thalweg.coordinator.metadata;

import java.util.AbstractCollection;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map: a change gives a new map that shares all but one path of nodes with the old one.
 *
 * <p>A height-balanced (AVL) tree, so a look-up and a change take time logarithmic in the size; iteration is in the order of the keys.
 */
final class PersistentMap<K extends Comparable<? super K>, V> {

    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null);

    private final @Nullable Node<K, V> root;

    private PersistentMap(@Nullable Node<K, V> root) {
        this.root = root;
    }

    @SuppressWarnings("unchecked") // the empty map holds neither keys nor values
    static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    int size() {
        return sizeOf(root);
    }

    @Nullable V get(K key) {
        var node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    /** The map in which the key has this value. */
    PersistentMap<K, V> with(K key, V value) {
        return new PersistentMap<>(insert(root, key, value));
    }

    /** The map without the key; the same map if it is not there. */
    PersistentMap<K, V> without(K key) {
        return get(key) == null ? this : new PersistentMap<>(remove(root, key));
    }

    /** The values in the order of their keys; a view that stays as it is. */
    Collection<V> values() {
        return new Values<>(root);
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> insert(@Nullable Node<K, V> node, K key, V value) {
        if (node == null) {
            return new Node<>(key, value, null, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return new Node<>(key, value, node.left, node.right);
        }
        return order < 0
                ? balanced(node, insert(node.left, key, value), node.right)
                : balanced(node, node.left, insert(node.right, key, value));
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order < 0) {
            return balanced(node, remove(node.left, key), node.right);
        }
        if (order > 0) {
            return balanced(node, node.left, remove(node.right, key));
        }
        if (node.left == null || node.right == null) {
            return node.left == null ? node.right : node.left;
        }
        var next = first(node.right);
        return balanced(next, node.left, remove(node.right, next.key));
    }

    private static <K, V> Node<K, V> first(Node<K, V> node) {
        var first = node;
        while (first.left != null) {
            first = first.left;
        }
        return first;
    }

    /** A node with the entry of the given one over two trees whose heights differ by at most two. */
    private static <K, V> Node<K, V> balanced(Node<K, V> entry, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        if (left != null && heightOf(left) > heightOf(right) + 1) {
            return liftLeft(entry, left, right);
        }
        if (right != null && heightOf(right) > heightOf(left) + 1) {
            return liftRight(entry, left, right);
        }
        return new Node<>(entry.key, entry.value, left, right);
    }

    private static <K, V> Node<K, V> liftLeft(Node<K, V> entry, Node<K, V> left, @Nullable Node<K, V> right) {
        var inner = left.right;
        if (inner == null || heightOf(left.left) >= heightOf(inner)) {
            return new Node<>(left.key, left.value, left.left, new Node<>(entry.key, entry.value, inner, right));
        }
        return new Node<>(
                inner.key,
                inner.value,
                new Node<>(left.key, left.value, left.left, inner.left),
                new Node<>(entry.key, entry.value, inner.right, right));
    }

    private static <K, V> Node<K, V> liftRight(Node<K, V> entry, @Nullable Node<K, V> left, Node<K, V> right) {
        var inner = right.left;
        if (inner == null || heightOf(right.right) >= heightOf(inner)) {
            return new Node<>(right.key, right.value, new Node<>(entry.key, entry.value, left, inner), right.right);
        }
        return new Node<>(
                inner.key,
                inner.value,
                new Node<>(entry.key, entry.value, left, inner.left),
                new Node<>(right.key, right.value, inner.right, right.right));
    }

    /**
     * Tells every value that is another one in the newer map, in the order of the keys. Parts that the maps share are skipped, so
     * the time grows with the number of changes between two maps of which one was made from the other.
     */
    static <K extends Comparable<? super K>, V> void difference(
            PersistentMap<K, V> before, PersistentMap<K, V> after, Difference<V> difference) {
        difference(before.root, after.root, difference);
    }

    private static <K extends Comparable<? super K>, V> void difference(
            @Nullable Node<K, V> before, @Nullable Node<K, V> after, Difference<V> difference) {
        if (before == after) {
            return;
        }
        if (after == null) {
            for (var value : new Values<>(before)) {
                difference.changed(value, null);
            }
            return;
        }
        var split = Split.of(before, after.key);
        difference(split.left, after.left, difference);
        if (split.value != after.value) {
            difference.changed(split.value, after.value);
        }
        difference(split.right, after.right, difference);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof PersistentMap<?, ?> that) || size() != that.size()) {
            return false;
        }
        var mine = new InOrder<>(root);
        var theirs = new InOrder<>(that.root);
        while (mine.hasNext()) {
            var left = mine.nextNode();
            var right = theirs.nextNode();
            if (!left.key.equals(right.key) || !left.value.equals(right.value)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = size();
        for (var value : values()) {
            hash = 31 * hash + value.hashCode();
        }
        return hash;
    }

    @Override
    public String toString() {
        return values().toString();
    }

    private static int sizeOf(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.size;
    }

    /** The longest way down; a balanced tree has one that is logarithmic in its size. */
    int height() {
        return heightOf(root);
    }

    private static int heightOf(@Nullable Node<?, ?> node) {
        return node == null ? 0 : node.height;
    }

    private static final class Node<K, V> {
        private final K key;
        private final V value;
        private final @Nullable Node<K, V> left;
        private final @Nullable Node<K, V> right;
        private final int size;
        private final int height;

        Node(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
            this.key = key;
            this.value = value;
            this.left = left;
            this.right = right;
            this.size = sizeOf(left) + sizeOf(right) + 1;
            this.height = Math.max(heightOf(left), heightOf(right)) + 1;
        }
    }

    /** Hears of one key whose value differs; null where the key is not in that map. */
    interface Difference<V> {
        void changed(@Nullable V before, @Nullable V after);
    }

    /** A tree cut at a key; the parts need not be balanced. */
    private record Split<K extends Comparable<? super K>, V>(
            @Nullable Node<K, V> left,
            @Nullable V value,
            @Nullable Node<K, V> right) {

        static <K extends Comparable<? super K>, V> Split<K, V> of(@Nullable Node<K, V> node, K key) {
            if (node == null) {
                return new Split<>(null, null, null);
            }
            int order = key.compareTo(node.key);
            if (order == 0) {
                return new Split<>(node.left, node.value, node.right);
            }
            if (order < 0) {
                var split = of(node.left, key);
                return new Split<>(split.left, split.value, new Node<>(node.key, node.value, split.right, node.right));
            }
            var split = of(node.right, key);
            return new Split<>(new Node<>(node.key, node.value, node.left, split.left), split.value, split.right);
        }
    }

    private static final class Values<K, V> extends AbstractCollection<V> {
        private final @Nullable Node<K, V> root;

        Values(@Nullable Node<K, V> root) {
            this.root = root;
        }

        @Override
        public Iterator<V> iterator() {
            return new InOrder<>(root);
        }

        @Override
        public int size() {
            return sizeOf(root);
        }
    }

    private static final class InOrder<K, V> implements Iterator<V> {
        private final ArrayDeque<Node<K, V>> path = new ArrayDeque<>();

        InOrder(@Nullable Node<K, V> root) {
            descend(root);
        }

        private void descend(@Nullable Node<K, V> from) {
            for (var node = from; node != null; node = node.left) {
                path.push(node);
            }
        }

        @Override
        public boolean hasNext() {
            return !path.isEmpty();
        }

        @Override
        public V next() {
            return nextNode().value;
        }

        Node<K, V> nextNode() {
            if (path.isEmpty()) {
                throw new NoSuchElementException();
            }
            var node = path.pop();
            descend(node.right);
            return node;
        }
    }
}
