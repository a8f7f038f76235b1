/** The Java SDK against brokers of all kinds: one suite, run against each. */
package io.thalweg.integration.sdk;
