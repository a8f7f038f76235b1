package io.thalweg.api;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many records are handled at once, and what happens when a handler fails. Immutable. */
public final class ProcessingConfig {

    /** As many threads as processors, 1,000 records under way, three attempts, then the processing stops. */
    public static final ProcessingConfig DEFAULT = builder().build();

    private final int parallelism;
    private final int maxInFlight;
    private final int maxAttempts;
    private final Duration firstBackoff;
    private final Duration maxBackoff;
    private final FailurePolicy failurePolicy;
    private final @Nullable String deadLetterTopic;

    private ProcessingConfig(Builder builder) {
        this.parallelism = builder.parallelism;
        this.maxInFlight = builder.maxInFlight;
        this.maxAttempts = builder.maxAttempts;
        this.firstBackoff = builder.firstBackoff;
        this.maxBackoff = builder.maxBackoff;
        this.failurePolicy = builder.failurePolicy;
        this.deadLetterTopic = builder.deadLetterTopic;
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many handlers run at once, each on a thread of its own. */
    public int parallelism() {
        return parallelism;
    }

    /** How many records may be read and not done; reading pauses meanwhile. */
    public int maxInFlight() {
        return maxInFlight;
    }

    /** How often a record is handed to the handler, the first time included. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** How long the first pause between attempts is; each next one is twice as long. */
    public Duration firstBackoff() {
        return firstBackoff;
    }

    /** How long a pause is at most. */
    public Duration maxBackoff() {
        return maxBackoff;
    }

    /** What becomes of a record after its last attempt. */
    public FailurePolicy failurePolicy() {
        return failurePolicy;
    }

    /** Where records go with {@link FailurePolicy#DEAD_LETTER}. */
    public Optional<String> deadLetterTopic() {
        return Optional.ofNullable(deadLetterTopic);
    }

    /** Collects the settings. Confined to one thread. */
    public static final class Builder {

        private int parallelism = Runtime.getRuntime().availableProcessors();
        private int maxInFlight = 1_000;
        private int maxAttempts = 3;
        private Duration firstBackoff = Duration.ofMillis(100);
        private Duration maxBackoff = Duration.ofSeconds(10);
        private FailurePolicy failurePolicy = FailurePolicy.STOP;
        private @Nullable String deadLetterTopic;

        private Builder() {}

        /** Default: the number of processors. */
        public Builder parallelism(int threads) {
            parallelism = ClientConfig.positive("parallelism", threads);
            return this;
        }

        /** Default: 1,000. */
        public Builder maxInFlight(int records) {
            maxInFlight = ClientConfig.positive("records in flight", records);
            return this;
        }

        /** Default: 3. */
        public Builder maxAttempts(int attempts) {
            maxAttempts = ClientConfig.positive("attempts", attempts);
            return this;
        }

        /** Default: 100 ms, doubled up to ten seconds; each pause varies by a fifth. */
        public Builder backoff(Duration first, Duration max) {
            firstBackoff = ClientConfig.notNegative("first backoff", first);
            maxBackoff = ClientConfig.notNegative("max backoff", max);
            return this;
        }

        /** After the last attempt a record is left out. Default: the processing stops. */
        public Builder skipFailures() {
            failurePolicy = FailurePolicy.SKIP;
            return this;
        }

        /**
         * After the last attempt a record is written to this topic as it was read, with the headers {@code thalweg.dead-letter.topic},
         * {@code .partition}, {@code .offset}, {@code .attempts} and {@code .error}. Default: the processing stops.
         */
        public Builder deadLetters(String topic) {
            failurePolicy = FailurePolicy.DEAD_LETTER;
            deadLetterTopic = Objects.requireNonNull(topic);
            return this;
        }

        public ProcessingConfig build() {
            return new ProcessingConfig(this);
        }
    }
}
