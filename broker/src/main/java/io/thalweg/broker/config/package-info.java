/**
 * What can be set: every setting is a key declared once in a {@code …Keys} class, and everything else follows from it: reading a
 * properties file, the layers of a running cluster, what DescribeConfigs says, the typed records that hot paths read, and
 * {@code docs/CONFIGURATION.md}.
 *
 * <p>Everything here is immutable and does no I/O, {@link io.thalweg.broker.config.NoEffectWarnings} apart, which any thread may use.
 */
package io.thalweg.broker.config;
