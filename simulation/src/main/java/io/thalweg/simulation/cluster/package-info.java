/** The nodes of a simulated cluster, their lives and deaths, and what befalls them. */
package io.thalweg.simulation.cluster;
