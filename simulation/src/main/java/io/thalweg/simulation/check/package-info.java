/**
 * What has to hold in a simulated cluster, whatever happens: a {@link io.thalweg.simulation.check.Ledger} hears what every log is given,
 * what clients are told and what the controller writes, and names the invariant that is broken.
 */
package io.thalweg.simulation.check;
