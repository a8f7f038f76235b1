/** The world as production has it: the system's clock, a timer thread, worker threads. Only the builder makes these. */
package io.thalweg.broker.runtime;
