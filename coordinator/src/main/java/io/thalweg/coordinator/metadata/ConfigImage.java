package io.thalweg.coordinator.metadata;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is set for one resource.
 *
 * @param resource whom it belongs to
 * @param values texts by name; never changed
 */
public record ConfigImage(ConfigResource resource, SortedMap<String, String> values) {

    public ConfigImage {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }
}
