/** Brokers in processes of their own, which are killed. */
package io.thalweg.integration.processes;
