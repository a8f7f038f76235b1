package io.thalweg.cli;

/**
 * A broker that was killed in the middle of the demo.
 *
 * @param ledCount how many of the topic's partitions it led
 */
record DemoKill(int brokerId, long ledCount) {}
