/** Who uses a simulated cluster: producers, consumers and administrators, on the wire protocol and small enough to be believed. */
package io.thalweg.simulation.load;
