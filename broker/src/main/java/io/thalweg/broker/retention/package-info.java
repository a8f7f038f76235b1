/**
 * Retention: which old segments a log lets go, and the sweep that has it do so. The same for every engine whose logs have segments.
 */
package io.thalweg.broker.retention;
