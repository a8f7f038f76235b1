/**
 * The records of {@code __consumer_offsets}, generated from the schemas: Apache Kafka's own, byte for byte.
 *
 * <p>The generated classes hold the fields only; the version in front of each is written by {@code GroupRecords}.
 */
package io.thalweg.coordinator.group.record;
