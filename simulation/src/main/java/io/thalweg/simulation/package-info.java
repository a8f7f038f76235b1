/** A run of a simulated cluster from its seed to its end, and the command that runs many. */
package io.thalweg.simulation;
