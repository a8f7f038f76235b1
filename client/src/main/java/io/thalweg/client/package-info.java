/**
 * A client of a Kafka cluster. Not stable yet.
 *
 * <p>{@link io.thalweg.client.Client} is the way in. It gives {@link io.thalweg.client.TopicAdmin}, {@link
 * io.thalweg.client.BatchProducer} and {@link io.thalweg.client.PartitionConsumer}, which share its connections and its metadata.
 *
 * <p><b>Threads.</b> The client's thread, the event loop of its connections, owns those, metadata, the sending of batches and the
 * fetching. Two places are shared with the application's threads, each under one lock: the {@link io.thalweg.client.RecordAccumulator},
 * where records become batches, and the {@link io.thalweg.client.FetchBuffer}, where fetched batches wait to be polled. Stages complete
 * on the client's thread, and so do callbacks: they must not block.
 */
package io.thalweg.client;
