/** The way in: {@link io.thalweg.broker.Broker} and its builder. */
package io.thalweg.broker;
