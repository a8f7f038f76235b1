package io.thalweg.api;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a member of a group reads, and how: the same for each of the ways to consume. Immutable. */
public final class Subscription<K, V> {

    private final String group;
    private final Serde<K> keys;
    private final Serde<V> values;
    private final Set<String> topics;
    private final Optional<String> pattern;
    private final GroupProtocol protocol;
    private final Optional<String> instanceId;
    private final Duration sessionTimeout;
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
        this.pattern = builder.pattern;
        this.protocol = builder.protocol;
        this.instanceId = builder.instanceId;
        this.sessionTimeout = builder.sessionTimeout;
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
        return new Builder<>(group, keys, values, List.of(topics), Optional.empty());
    }

    /**
     * Begins with the defaults and reads every topic whose whole name matches, also those that are created later. The pattern is one of
     * RE2; brokers match it, or, with {@link GroupProtocol#CLASSIC}, the client with {@link java.util.regex.Pattern}.
     */
    public static <K, V> Builder<K, V> matching(String group, Serde<K> keys, Serde<V> values, String pattern) {
        return new Builder<>(group, keys, values, List.of(), Optional.of(pattern));
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

    /** The topics; at least one unless there is a pattern. */
    public Set<String> topics() {
        return topics;
    }

    /** What the names of topics match; none if they are named. */
    public Optional<String> pattern() {
        return pattern;
    }

    /** How members come by their partitions. */
    public GroupProtocol protocol() {
        return protocol;
    }

    /**
     * The name of a static member. It keeps its partitions when it is closed or its process ends, and gets them back if it comes back
     * before its session ends; no two members of a group may have the same at a time.
     */
    public Optional<String> instanceId() {
        return instanceId;
    }

    /** How long a member of a classic group may be silent before it counts as gone; other brokers are asked for no such time. */
    public Duration sessionTimeout() {
        return sessionTimeout;
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
        private final Optional<String> pattern;
        private GroupProtocol protocol = GroupProtocol.AUTOMATIC;
        private Optional<String> instanceId = Optional.empty();
        private Duration sessionTimeout = Duration.ofSeconds(45);
        private DeliveryGuarantee guarantee = DeliveryGuarantee.AT_LEAST_ONCE;
        private StartPosition start = StartPosition.BEGINNING;
        private Duration commitInterval = Duration.ofSeconds(5);
        private Duration revocationTimeout = Duration.ofSeconds(30);
        private ReaderConfig reader = ReaderConfig.DEFAULT;
        private RebalanceListener listener = RebalanceListener.NONE;

        private Builder(String group, Serde<K> keys, Serde<V> values, List<String> topics, Optional<String> pattern) {
            this.group = Objects.requireNonNull(group);
            this.keys = Objects.requireNonNull(keys);
            this.values = Objects.requireNonNull(values);
            this.topics = Collections.unmodifiableSet(new LinkedHashSet<>(topics));
            this.pattern = pattern;
            if (group.isEmpty() || (topics.isEmpty() && pattern.isEmpty())) {
                throw new IllegalArgumentException("subscription of group \"" + group + "\" to topics " + this.topics
                        + "; expected at least one of both");
            }
            pattern.ifPresent(Pattern::compile);
        }

        /** Default: {@link GroupProtocol#AUTOMATIC}. */
        public Builder<K, V> protocol(GroupProtocol newProtocol) {
            protocol = Objects.requireNonNull(newProtocol);
            return this;
        }

        /** Default: none, the member is a new one each time. */
        public Builder<K, V> instanceId(String id) {
            if (id.isEmpty()) {
                throw new IllegalArgumentException("instance id of group " + group + " is empty; expected a name");
            }
            instanceId = Optional.of(id);
            return this;
        }

        /** Default: 45 seconds. Brokers take from 6 seconds to half an hour unless they are told otherwise. */
        public Builder<K, V> sessionTimeout(Duration timeout) {
            sessionTimeout = ClientConfig.positive("session timeout", timeout);
            return this;
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
