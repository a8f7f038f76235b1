package io.thalweg.api;

import java.util.concurrent.CompletionStage;

/**
 * A member of a group whose records are being handled, for several keys at once.
 *
 * <p><b>Ordering.</b> The records of a key are handled one after the other, in the order of their offsets; so is one that is tried again:
 * those behind it wait. Records of different keys, and records without a key, are handled side by side.
 *
 * <p><b>Commits.</b> Of each partition the offsets up to the first record that is not done, however many behind it are. What was handled
 * and not committed when a member ends is handled again.
 *
 * <p><b>Close.</b> Idempotent; takes no new records, waits for handlers under way, {@link Subscription#revocationTimeout} at most, commits
 * and leaves the group.
 *
 * <p>Four keys at once, five attempts for each record, and a topic for what fails even so:
 *
 * <pre>{@code
 * var subscription = Subscription.of("workers", Serde.string(), Serde.int32(), "events");
 * var config = ProcessingConfig.builder()
 *         .parallelism(4)
 *         .maxAttempts(5)
 *         .deadLetters("events-failed")
 *         .build();
 * try (var processing = client.process(subscription, config, handler)) {
 *     processing.ended().exceptionally(failure -> {
 *         System.err.println("the work has stopped: " + failure);
 *         return null;
 *     });
 *     left.await();
 * }
 * }</pre>
 */
public interface Processing extends AutoCloseable {

    /** Completes when the processing has ended: with the failure that ended it, or without one after close. */
    CompletionStage<Void> ended();

    @Override
    void close();
}
