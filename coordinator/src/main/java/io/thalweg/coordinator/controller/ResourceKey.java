package io.thalweg.coordinator.controller;

/** A config resource as a request names it, which may be one that does not exist. */
record ResourceKey(byte type, String name) implements Comparable<ResourceKey> {

    @Override
    public int compareTo(ResourceKey other) {
        return type == other.type ? name.compareTo(other.name) : Byte.compare(type, other.type);
    }
}
