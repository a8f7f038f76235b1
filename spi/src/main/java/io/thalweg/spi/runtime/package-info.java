/** The time and timers that everything deterministic is given through its constructor, never asks the world for. */
package io.thalweg.spi.runtime;
