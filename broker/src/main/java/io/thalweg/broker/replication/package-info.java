/** How far the replicas of a partition agree. */
package io.thalweg.broker.replication;
