/**
 * A metadata log on Apache Ratis.
 *
 * <p>A server that votes is a {@link io.thalweg.coordinator.ratis.QuorumVoterLog}: a Ratis server whose state machine keeps the entries and
 * tells them. One that does not vote is a {@link io.thalweg.coordinator.ratis.ObserverLog}: it asks a voter again and again for what it has
 * not heard yet, and needs no address of its own. Both tell their listener through a {@link io.thalweg.coordinator.ratis.ListenerFeed}.
 */
package io.thalweg.coordinator.ratis;
