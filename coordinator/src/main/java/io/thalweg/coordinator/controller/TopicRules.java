package io.thalweg.coordinator.controller;

/**
 * What elections need to know of a topic's configs.
 *
 * @param minInsyncReplicas {@code min.insync.replicas}: with fewer in sync the high watermark stands still
 * @param isUncleanAllowed {@code unclean.leader.election.enable}: whether a replica may lead that lacks what was acknowledged
 * @param survivesPowerLoss whether a replica has everything that it ever acknowledged, however its broker ended
 */
public record TopicRules(int minInsyncReplicas, boolean isUncleanAllowed, boolean survivesPowerLoss) {}
