package io.thalweg.coordinator.metadata;

/**
 * Where a broker can be reached through one of its listeners.
 *
 * @param listener the listener's name, upper case by custom
 * @param host as clients shall resolve it
 * @param port 0 to 65535
 * @param securityProtocol Kafka's number: 0 PLAINTEXT, 1 SSL, 2 SASL_PLAINTEXT, 3 SASL_SSL
 */
public record BrokerEndpoint(String listener, String host, int port, short securityProtocol) {}
