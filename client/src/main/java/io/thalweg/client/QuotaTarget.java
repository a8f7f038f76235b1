package io.thalweg.client;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Whom a quota is for: a user, a client id, or a client id of a user.
 *
 * @param names by {@code user} and {@code client-id}; empty for those that have no quota of their own; never changed
 */
public record QuotaTarget(SortedMap<String, Optional<String>> names) {

    public static final String USER = "user";
    public static final String CLIENT_ID = "client-id";

    public QuotaTarget {
        names = Collections.unmodifiableSortedMap(new TreeMap<>(names));
    }

    public QuotaTarget(Map<String, Optional<String>> names) {
        this(new TreeMap<>(names));
    }

    @Override
    public String toString() {
        return names.entrySet().stream()
                .map(each ->
                        each.getValue().map(name -> each.getKey() + " " + name).orElse("any " + each.getKey()))
                .collect(Collectors.joining(", "));
    }
}
