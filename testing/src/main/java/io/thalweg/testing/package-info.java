/** Brokers for the tests of applications; {@link io.thalweg.testing.TestBroker} is the way in. */
package io.thalweg.testing;
