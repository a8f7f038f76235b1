package io.thalweg.client;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The quotas of somebody.
 *
 * @param limits by their keys, such as {@code producer_byte_rate}; never changed
 */
public record QuotaListing(QuotaTarget target, SortedMap<String, Double> limits) {

    public QuotaListing {
        limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
    }
}
