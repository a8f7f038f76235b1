package io.thalweg.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a producer batches, what it waits for and when it gives up. Immutable. */
public final class ProducerConfig {

    /** Everything written once and acknowledged by all in-sync replicas. */
    public static final ProducerConfig DEFAULT = builder().build();

    private final Acks acks;
    private final boolean idempotent;
    private final Compression compression;
    private final int batchBytes;
    private final int maxRequestBytes;
    private final Duration linger;
    private final long bufferBytes;
    private final OverflowPolicy overflow;
    private final Duration maxBlock;
    private final Duration deliveryTimeout;
    private final @Nullable Partitioner partitioner;
    private final List<ProducerInterceptor> interceptors;

    private ProducerConfig(Builder builder) {
        this.acks = builder.acks;
        this.idempotent = builder.isIdempotent();
        this.compression = builder.compression;
        this.batchBytes = builder.batchBytes;
        this.maxRequestBytes = builder.maxRequestBytes;
        this.linger = builder.linger;
        this.bufferBytes = builder.bufferBytes;
        this.overflow = builder.overflow;
        this.maxBlock = builder.maxBlock;
        this.deliveryTimeout = builder.deliveryTimeout;
        this.partitioner = builder.partitioner;
        this.interceptors = builder.interceptors;
    }

    /** Begins with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** What counts as written. */
    public Acks acks() {
        return acks;
    }

    /** Whether a record that is sent again is written once. */
    public boolean isIdempotent() {
        return idempotent;
    }

    /** Of the batches. */
    public Compression compression() {
        return compression;
    }

    /** A batch of this size is sent at once. */
    public int batchBytes() {
        return batchBytes;
    }

    /** Records of more bytes are refused, and batches of one request have no more together. */
    public int maxRequestBytes() {
        return maxRequestBytes;
    }

    /** How long a smaller batch waits for more records. */
    public Duration linger() {
        return linger;
    }

    /** Records that are not acknowledged take no more memory than this. */
    public long bufferBytes() {
        return bufferBytes;
    }

    /** What sending does while that memory is full. */
    public OverflowPolicy overflow() {
        return overflow;
    }

    /** How long sending waits, for memory and for the partitions of a new topic. */
    public Duration maxBlock() {
        return maxBlock;
    }

    /** How long a record is tried. */
    public Duration deliveryTimeout() {
        return deliveryTimeout;
    }

    /** Who chooses partitions; empty for the hash of the key. */
    public Optional<Partitioner> partitioner() {
        return Optional.ofNullable(partitioner);
    }

    /** Who sees the records, in this order. */
    public List<ProducerInterceptor> interceptors() {
        return interceptors;
    }

    /** Collects the settings. Confined to one thread. */
    public static final class Builder {

        private Acks acks = Acks.ALL;
        private @Nullable Boolean idempotent;
        private Compression compression = Compression.NONE;
        private int batchBytes = 64 << 10;
        private int maxRequestBytes = 1 << 20;
        private Duration linger = Duration.ofMillis(5);
        private long bufferBytes = 32L << 20;
        private OverflowPolicy overflow = OverflowPolicy.WAIT;
        private Duration maxBlock = Duration.ofSeconds(60);
        private Duration deliveryTimeout = Duration.ofMinutes(2);
        private @Nullable Partitioner partitioner;
        private List<ProducerInterceptor> interceptors = List.of();

        private Builder() {}

        /** Default: {@link Acks#ALL}. Less cannot be {@linkplain #idempotent idempotent}. */
        public Builder acks(Acks newAcks) {
            acks = Objects.requireNonNull(newAcks);
            return this;
        }

        /**
         * Default: true with {@link Acks#ALL}, else false. Without it a record that is sent again may be written twice, and one batch of a
         * partition is under way at a time.
         */
        public Builder idempotent(boolean isIdempotent) {
            idempotent = isIdempotent;
            return this;
        }

        /** Default: {@link Compression#NONE}. */
        public Builder compression(Compression newCompression) {
            compression = Objects.requireNonNull(newCompression);
            return this;
        }

        /** Default: 64 KiB. */
        public Builder batchBytes(int bytes) {
            batchBytes = ClientConfig.positive("batch bytes", bytes);
            return this;
        }

        /**
         * Default: 1 MiB, which is what brokers take of a batch by default; topics that take more have another {@code max.message.bytes}.
         */
        public Builder maxRequestBytes(int bytes) {
            maxRequestBytes = ClientConfig.positive("max request bytes", bytes);
            return this;
        }

        /** Default: 5 ms. */
        public Builder linger(Duration newLinger) {
            linger = ClientConfig.notNegative("linger", newLinger);
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

        /** Default: {@link OverflowPolicy#WAIT}. */
        public Builder overflow(OverflowPolicy policy) {
            overflow = Objects.requireNonNull(policy);
            return this;
        }

        /** Default: 60 seconds. */
        public Builder maxBlock(Duration limit) {
            maxBlock = ClientConfig.notNegative("max block", limit);
            return this;
        }

        /** Default: two minutes. */
        public Builder deliveryTimeout(Duration timeout) {
            deliveryTimeout = ClientConfig.positive("delivery timeout", timeout);
            return this;
        }

        /** Default: none, that is the hash of the key. */
        public Builder partitioner(Partitioner newPartitioner) {
            partitioner = Objects.requireNonNull(newPartitioner);
            return this;
        }

        /** Default: none. */
        public Builder interceptors(ProducerInterceptor... newInterceptors) {
            interceptors = List.of(newInterceptors);
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException if they contradict each other
         */
        public ProducerConfig build() {
            if (isIdempotent() && acks != Acks.ALL) {
                throw new IllegalArgumentException("an idempotent producer with acks " + acks + "; expected ALL");
            }
            if (batchBytes > maxRequestBytes) {
                throw new IllegalArgumentException("batches of " + batchBytes + " bytes; expected at most the "
                        + maxRequestBytes + " of a request");
            }
            return new ProducerConfig(this);
        }

        private boolean isIdempotent() {
            var said = idempotent;
            return said == null ? acks == Acks.ALL : said;
        }
    }
}
