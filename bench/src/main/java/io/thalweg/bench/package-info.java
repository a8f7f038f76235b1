/**
 * Measures Thalweg, beside Apache Kafka where that says something. What runs, top to bottom: {@link io.thalweg.bench.Bench} reads the
 * arguments, {@link io.thalweg.bench.Comparison} takes turns between {@link io.thalweg.bench.Peer peers} and {@link
 * io.thalweg.bench.Load loads}, {@link io.thalweg.bench.EmbeddedStarts} starts brokers in this process.
 */
@NullMarked
package io.thalweg.bench;

import org.jspecify.annotations.NullMarked;
