package io.thalweg.api;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What a member of a group reads, and how: the same for each of the ways to consume. Immutable. */
public final class Subscription<K, V> {

    private final String group;
    private final Serde<K> keys;
    private final Serde<V> values;
    private final Set<String> topics;
    private final DeliveryGuarantee guarantee;
    private final StartPosition start;
    private final Duration commitInterval;
    private final Duration revocationTimeout;
    private final ReaderConfig reader;
    private final RebalanceListener listener;

    private Subscription(Builder<K, V> builder) {
        this.group = builder.group;
        this.keys = builder.keys;
        this.values = builder.values;
        this.topics = builder.topics;
        this.guarantee = builder.guarantee;
        this.start = builder.start;
        this.commitInterval = builder.commitInterval;
        this.revocationTimeout = builder.revocationTimeout;
        this.reader = builder.reader;
        this.listener = builder.listener;
    }

    /** A subscription with the defaults. */
    public static <K, V> Subscription<K, V> of(String group, Serde<K> keys, Serde<V> values, String... topics) {
        return builder(group, keys, values, topics).build();
    }

    /** Begins with the defaults. */
    public static <K, V> Builder<K, V> builder(String group, Serde<K> keys, Serde<V> values, String... topics) {
        return new Builder<>(group, keys, values, topics);
    }

    /** The group, which remembers how far its members have come. */
    public String group() {
        return group;
    }

    /** What reads keys. */
    public Serde<K> keys() {
        return keys;
    }

    /** What reads values. */
    public Serde<V> values() {
        return values;
    }

    /** The topics, at least one. */
    public Set<String> topics() {
        return topics;
    }

    /** When offsets are committed. */
    public DeliveryGuarantee guarantee() {
        return guarantee;
    }

    /**
     * Where partitions begin of which the group has no committed offset. A processing and a publisher, which cannot seek, also go on there
     * when the offset to read at is gone. A start that moves, such as the end, is committed when a partition is first taken, unless the
     * application alone commits.
     */
    public StartPosition start() {
        return start;
    }

    /** How often what is done is committed, with {@link DeliveryGuarantee#AT_LEAST_ONCE}. */
    public Duration commitInterval() {
        return commitInterval;
    }

    /** How long the records of a partition that another member is to get may be worked on; then it is given up all the same. */
    public Duration revocationTimeout() {
        return revocationTimeout;
    }

    /** How records are fetched. */
    public ReaderConfig reader() {
        return reader;
    }

    /** Who hears of partitions, if the member is polled. */
    public RebalanceListener listener() {
        return listener;
    }

    /** Collects the settings. Confined to one thread. */
    public static final class Builder<K, V> {

        private final String group;
        private final Serde<K> keys;
        private final Serde<V> values;
        private final Set<String> topics;
        private DeliveryGuarantee guarantee = DeliveryGuarantee.AT_LEAST_ONCE;
        private StartPosition start = StartPosition.BEGINNING;
        private Duration commitInterval = Duration.ofSeconds(5);
        private Duration revocationTimeout = Duration.ofSeconds(30);
        private ReaderConfig reader = ReaderConfig.DEFAULT;
        private RebalanceListener listener = RebalanceListener.NONE;

        private Builder(String group, Serde<K> keys, Serde<V> values, String... topics) {
            this.group = Objects.requireNonNull(group);
            this.keys = Objects.requireNonNull(keys);
            this.values = Objects.requireNonNull(values);
            this.topics = Collections.unmodifiableSet(new LinkedHashSet<>(List.of(topics)));
            if (group.isEmpty() || this.topics.isEmpty()) {
                throw new IllegalArgumentException("subscription of group \"" + group + "\" to topics " + this.topics
                        + "; expected at least one of both");
            }
        }

        /** Default: {@link DeliveryGuarantee#AT_LEAST_ONCE}. */
        public Builder<K, V> guarantee(DeliveryGuarantee newGuarantee) {
            guarantee = Objects.requireNonNull(newGuarantee);
            return this;
        }

        /** Default: {@link StartPosition#BEGINNING}, so that a new group misses nothing. Not an offset: partitions have different ones. */
        public Builder<K, V> start(StartPosition position) {
            if (position.kind() == StartPosition.Kind.OFFSET) {
                throw new IllegalArgumentException("group " + group + " to start at offset " + position.value()
                        + " of every partition; expected the beginning, the end or a time");
            }
            start = position;
            return this;
        }

        /** Default: five seconds. */
        public Builder<K, V> commitInterval(Duration interval) {
            commitInterval = ClientConfig.positive("commit interval", interval);
            return this;
        }

        /** Default: 30 seconds. */
        public Builder<K, V> revocationTimeout(Duration timeout) {
            revocationTimeout = ClientConfig.positive("revocation timeout", timeout);
            return this;
        }

        /** Default: {@link ReaderConfig#DEFAULT}. */
        public Builder<K, V> reader(ReaderConfig config) {
            reader = Objects.requireNonNull(config);
            return this;
        }

        /** Default: {@link RebalanceListener#NONE}. */
        public Builder<K, V> listener(RebalanceListener newListener) {
            listener = Objects.requireNonNull(newListener);
            return this;
        }

        public Subscription<K, V> build() {
            return new Subscription<>(this);
        }
    }
}
