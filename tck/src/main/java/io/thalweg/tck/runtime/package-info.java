/** The world that a plug-in under test is given: the machine's clock, real timers and threads. */
package io.thalweg.tck.runtime;
