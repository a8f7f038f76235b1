/** Applications of a simulated cluster that use the Java SDK, and what has to hold of what they were told. */
package io.thalweg.simulation.sdk;
