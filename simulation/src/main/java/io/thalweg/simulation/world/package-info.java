/**
 * The world that a simulated cluster lives in: time, turns, network and disks, all of which follow from one seed.
 *
 * <p>A {@link io.thalweg.simulation.world.Scheduler} runs one event after the other. Each belongs to a
 * {@link io.thalweg.simulation.world.Lane}, which stands for a thread, and each lane to a
 * {@link io.thalweg.simulation.world.SimulatedProcess}, which can be paused and killed.
 */
package io.thalweg.simulation.world;
