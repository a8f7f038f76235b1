package io.thalweg.coordinator.group;

/**
 * Who sent a request.
 *
 * @param clientId what the client calls itself
 * @param clientHost its address, as tools show it
 * @param version the version of the request
 */
public record Caller(String clientId, String clientHost, short version) {}
