/** What waits: one-shot watches that an event loop leaves with shards to learn that reading again is worth while. */
package io.thalweg.broker.purgatory;
