/**
 * What a broker shows of itself: {@link io.thalweg.broker.metrics.Meters} gives each part the listener it reports to.
 *
 * <p>Only this package and the builder know Micrometer; a broker without a registry never loads it. {@code docs/METRICS.md} lists the
 * meters.
 */
package io.thalweg.broker.metrics;
