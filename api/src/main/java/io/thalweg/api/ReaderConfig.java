package io.thalweg.api;

import java.time.Duration;
import java.util.Objects;

/** How records are fetched. Immutable. */
public final class ReaderConfig {

    /** Half a second of waiting, answers of up to 960 KiB, 32 MiB read ahead, checksums checked. */
    public static final ReaderConfig DEFAULT = builder().build();

    private final Duration maxWait;
    private final int minBytes;
    private final int maxBytes;
    private final int partitionMaxBytes;
    private final long bufferBytes;
    private final boolean checksCrc;
    private final Isolation isolation;

    private ReaderConfig(Builder builder) {
        this.maxWait = builder.maxWait;
        this.minBytes = builder.minBytes;
        this.maxBytes = builder.maxBytes;
        this.partitionMaxBytes = builder.partitionMaxBytes;
        this.bufferBytes = builder.bufferBytes;
        this.checksCrc = builder.checksCrc;
        this.isolation = builder.isolation;
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** How long a broker waits for {@link #minBytes} before it answers with less. */
    public Duration maxWait() {
        return maxWait;
    }

    /** What is worth an answer. */
    public int minBytes() {
        return minBytes;
    }

    /** The most bytes of one answer. */
    public int maxBytes() {
        return maxBytes;
    }

    /** The most bytes of one partition in an answer, unless its first batch is larger. */
    public int partitionMaxBytes() {
        return partitionMaxBytes;
    }

    /** Fetching pauses while more than this waits for the application. */
    public long bufferBytes() {
        return bufferBytes;
    }

    /** Whether the checksum of each batch is checked. */
    public boolean checksCrc() {
        return checksCrc;
    }

    /** What is read of the records that transactions write. */
    public Isolation isolation() {
        return isolation;
    }

    /** Collects the settings. Confined to one thread. */
    public static final class Builder {

        private Duration maxWait = Duration.ofMillis(500);
        private int minBytes = 1;
        private int maxBytes = 960 << 10;
        private int partitionMaxBytes = 1 << 20;
        private long bufferBytes = 32L << 20;
        private boolean checksCrc = true;
        private Isolation isolation = Isolation.READ_UNCOMMITTED;

        private Builder() {}

        /** Default: 500 ms. */
        public Builder maxWait(Duration wait) {
            maxWait = ClientConfig.notNegative("max wait", wait);
            return this;
        }

        /** Default: 1. */
        public Builder minBytes(int bytes) {
            minBytes = ClientConfig.positive("min bytes", bytes);
            return this;
        }

        /**
         * Default: 960 KiB. Memory for answers of more than a MiB is not kept, and new memory costs more than what is done with it; more is
         * worth it only where a broker is so far away that a MiB for each round trip is little.
         */
        public Builder maxBytes(int bytes) {
            maxBytes = ClientConfig.positive("max bytes", bytes);
            return this;
        }

        /** Default: 1 MiB. */
        public Builder partitionMaxBytes(int bytes) {
            partitionMaxBytes = ClientConfig.positive("bytes of a partition", bytes);
            return this;
        }

        /** Default: 32 MiB. */
        public Builder bufferBytes(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("buffer bytes of " + bytes + "; expected 1 or more");
            }
            bufferBytes = bytes;
            return this;
        }

        /** Default: true. */
        public Builder checksCrc(boolean checks) {
            checksCrc = checks;
            return this;
        }

        /** Default: {@link Isolation#READ_UNCOMMITTED}. */
        public Builder isolation(Isolation newIsolation) {
            isolation = Objects.requireNonNull(newIsolation);
            return this;
        }

        public ReaderConfig build() {
            return new ReaderConfig(this);
        }
    }
}
