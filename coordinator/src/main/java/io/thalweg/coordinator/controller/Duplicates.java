package io.thalweg.coordinator.controller;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds what a request names more than once. */
final class Duplicates {

    private Duplicates() {}

    /** Each element that is there more than once, in ascending order. */
    static <T extends Comparable<? super T>> SortedSet<T> in(Collection<T> elements) {
        var seen = new TreeSet<T>();
        var duplicates = new TreeSet<T>();
        for (var element : elements) {
            if (!seen.add(element)) {
                duplicates.add(element);
            }
        }
        return duplicates;
    }
}
