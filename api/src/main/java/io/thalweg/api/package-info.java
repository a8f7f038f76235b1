/**
 * Producing, consuming and administration of a cluster, of Thalweg's or of Apache Kafka's.
 *
 * <p>{@link io.thalweg.api.Thalweg} is the way in. Everything it gives shares its connections, its metadata and its one thread.
 *
 * <p><b>Threads.</b> Stages complete on the client's thread, and functions that were put on them without an executor run there: they must
 * not block, for nothing of this client happens meanwhile, though other clients go on. What would wait for this client there is refused
 * with an {@link IllegalStateException}; sending and closing do not wait there. Nothing here synchronizes on a monitor while it waits, so
 * that virtual threads stay free.
 *
 * <p><b>Errors.</b> Everything that a cluster or the network can do is a {@link io.thalweg.api.ThalwegException}; what the caller got wrong
 * is an {@link IllegalArgumentException} or {@link IllegalStateException}, thrown at once.
 */
package io.thalweg.api;
