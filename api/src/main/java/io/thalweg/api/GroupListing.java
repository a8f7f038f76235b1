package io.thalweg.api;

/**
 * A group as a list shows it.
 *
 * @param protocolType what its members are, such as {@code consumer}; empty of a group that only has offsets
 * @param state empty if the broker does not say
 */
public record GroupListing(String groupId, String protocolType, String state) {}
