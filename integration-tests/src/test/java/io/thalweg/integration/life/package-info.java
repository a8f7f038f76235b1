/** Brokers that start and stop, again and again, at the wrong moment and many at once. */
package io.thalweg.integration.life;
