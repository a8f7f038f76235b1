package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.transport.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who leads which partition. Owned by the loop; any thread may read the image.
 *
 * <p>A topic is asked for when it is first needed, again when a broker says that it has moved, and again after some minutes, so that
 * new partitions are noticed. One refresh is under way at a time, and those that tell nothing new come less and less often.
 */
final class MetadataCache {

    private static final Logger log = LoggerFactory.getLogger(MetadataCache.class);
    private static final long MAX_AGE_NANOS = Duration.ofMinutes(5).toNanos();

    private final ClientRuntime runtime;
    private final Connections connections;
    private final Retries retries;
    private final List<Runnable> changeListeners = new CopyOnWriteArrayList<>();
    private final StaleTopics stale;
    /** What brokers have named since they were last heeded. */
    private final Map<TopicPartition, LeaderHint> hints = new LinkedHashMap<>();
    /** Topics of which a hint has told what their next refresh can but confirm. */
    private final Set<String> hinted = new HashSet<>();

    private volatile ClusterImage image = ClusterImage.EMPTY;
    private Timers.@Nullable Timer timer;
    private int failedRefreshes;
    private boolean isRefreshing;
    private boolean isAgeWatched;

    MetadataCache(ClientRuntime runtime, Connections connections, Retries retries) {
        this.runtime = runtime;
        this.connections = connections;
        this.retries = retries;
        this.stale = new StaleTopics(runtime);
    }

    ClusterImage image() {
        return image;
    }

    /** Has the listener called on the loop after every answer. */
    void whenChanged(Runnable listener) {
        changeListeners.add(listener);
    }

    void forget(Runnable listener) {
        changeListeners.remove(listener);
    }

    /** A broker that may be asked anything: the same until a connection to it fails, then the next; those given at the start come last. */
    Endpoint anyBroker() {
        return connections.mostReliable(inOrder(null));
    }

    /** The broker that changes topics; any if that is not known or cannot be reached, for it passes the request on. */
    Endpoint controller() {
        return connections.mostReliable(inOrder(image.controller()));
    }

    private List<Endpoint> inOrder(@Nullable Endpoint first) {
        var all = new ArrayList<Endpoint>();
        if (first != null) {
            all.add(first);
        }
        all.addAll(image.brokers().values());
        all.addAll(connections.config().bootstrap());
        return all;
    }

    /** Asks once, for these topics or for all; a broker that does not answer is not the first to be asked next time. */
    CompletableFuture<MetadataResponse> ask(@Nullable Collection<String> topics) {
        return ask(topics, false);
    }

    private CompletableFuture<MetadataResponse> ask(@Nullable Collection<String> topics, boolean mayCreate) {
        assert runtime.isCurrent();
        var wanted = topics == null
                ? null
                : topics.stream()
                        .map(name -> new MetadataRequest.Topic(Message.ZERO_UUID, name))
                        .toList();
        return connections
                .call(
                        anyBroker(),
                        ApiKey.METADATA,
                        MetadataResponse.class,
                        version -> new MetadataRequest(wanted, mayCreate, false, false))
                .whenComplete((answer, failure) -> {
                    if (answer == null) {
                        failedRefreshes++;
                    } else {
                        failedRefreshes = 0;
                        changeTo(image.mergedWith(answer));
                    }
                });
    }

    private void changeTo(ClusterImage changed) {
        image = changed;
        changeListeners.forEach(MetadataCache::tell);
    }

    /** What goes wrong with one who listens is neither the others' nor the asker's. */
    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            log.error("something that listens for changes of the cluster failed", e);
        }
    }

    /** The topic as cached, or asked for until it is there and led. */
    CompletableFuture<TopicImage> topic(String name) {
        return topic(name, false);
    }

    /** As {@link #topic}, but led at least in one partition, and brokers that create topics on demand may do so. */
    CompletableFuture<TopicImage> topicToWrite(String name) {
        return topic(name, true);
    }

    private CompletableFuture<TopicImage> topic(String name, boolean mayCreate) {
        return retries.run(() -> {
            var cached = image.topics().get(name);
            return cached != null && isLedEnough(cached, mayCreate)
                    ? CompletableFuture.completedFuture(cached)
                    : fresh(name, mayCreate);
        });
    }

    private CompletableFuture<TopicImage> fresh(String name, boolean mayCreate) {
        watchAge();
        return ask(List.of(name), mayCreate).thenApply(answer -> {
            var code = answer.topics().isEmpty()
                    ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()
                    : answer.topics().get(0).errorCode();
            var topic = image.topics().get(name);
            if (code != ErrorCode.NONE.code() || topic == null) {
                throw ClientException.answered("topic " + name, code, null);
            }
            if (!isLedEnough(topic, mayCreate)) {
                throw ClientException.answered("topic " + name, ErrorCode.LEADER_NOT_AVAILABLE, null);
            }
            return topic;
        });
    }

    private static boolean isLedEnough(TopicImage topic, boolean isToWrite) {
        return isToWrite ? topic.isLedSomewhere() : topic.isLed();
    }

    /** A broker said that what is cached of the topic no longer holds: ask anew, soon. */
    void refresh(String topic) {
        assert runtime.isCurrent();
        if (stale.add(topic)) {
            refreshLater();
        }
    }

    /**
     * The same, and it may have named the leader: what is tried again meanwhile goes there. All that one answer names is heeded together.
     */
    void refresh(TopicPartition partition, Optional<LeaderHint> hint) {
        if (hint.isPresent()) {
            if (hints.isEmpty()) {
                runtime.executeUnlessEnded(this::heedHints);
            }
            hints.merge(partition, hint.get(), LeaderHint::newer);
        }
        refresh(partition.topic());
    }

    private void heedHints() {
        var told = image.ledBy(hints);
        for (var topic : told.topics().values()) {
            if (!topic.equals(image.topics().get(topic.name()))) {
                hinted.add(topic.name());
            }
        }
        hints.clear();
        if (!told.equals(image)) {
            changeTo(told);
        }
    }

    private void refreshLater() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        var delayNanos = stale.nanosUntilDue();
        if (!isRefreshing && delayNanos < Long.MAX_VALUE) {
            timer = runtime.after(delayNanos, this::refreshNow);
        }
    }

    private void refreshNow() {
        var topics = stale.takeDue();
        if (isRefreshing || topics.isEmpty()) {
            refreshLater();
            return;
        }
        isRefreshing = true;
        var before = image;
        var unused = asked(topics).whenComplete((answer, failure) -> {
            isRefreshing = false;
            if (failure == null) {
                topics.forEach(topic -> stale.answered(
                        topic, hinted.remove(topic) || !before.topic(topic).equals(image.topic(topic))));
            } else {
                stale.add(topics, Retries.backoffNanos(failedRefreshes, runtime));
            }
            refreshLater();
        });
    }

    private CompletableFuture<MetadataResponse> asked(List<String> topics) {
        try {
            return ask(topics);
        } catch (ClientException e) {
            stale.clear();
            return new CompletableFuture<>();
        }
    }

    private void watchAge() {
        if (!isAgeWatched) {
            isAgeWatched = true;
            runtime.after(MAX_AGE_NANOS, () -> {
                isAgeWatched = false;
                stale.add(image.topics().keySet(), 0);
                refreshLater();
                watchAge();
            });
        }
    }
}
