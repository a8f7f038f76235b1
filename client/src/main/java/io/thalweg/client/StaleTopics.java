package io.thalweg.client;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Topics that are to be asked for anew, and when: the later the more often an answer told nothing new of them. Owned by the loop; bounded
 * by the topics that the client uses.
 */
final class StaleTopics {

    /** Who has not been asked for so long begins anew. */
    private static final long FORGET_NANOS = Duration.ofSeconds(5).toNanos();

    private final ClientRuntime runtime;
    private final Map<String, Long> dueNanos = new LinkedHashMap<>();
    private final Map<String, InVain> inVain = new HashMap<>();

    /** How often a topic was asked for and nothing had changed, and when that was last. */
    private record InVain(int count, long lastNanos) {}

    StaleTopics(ClientRuntime runtime) {
        this.runtime = runtime;
    }

    /** Has the topic asked for soon; false if it is to be anyway. */
    boolean add(String topic) {
        var now = runtime.clock().nanos();
        return dueNanos.putIfAbsent(topic, now + Retries.backoffNanos(inVainCount(topic, now), runtime)) == null;
    }

    private int inVainCount(String topic, long now) {
        var before = inVain.get(topic);
        return before == null || now - before.lastNanos() > FORGET_NANOS ? 0 : before.count();
    }

    /** Has the topics asked for after a while. */
    void add(Collection<String> topics, long delayNanos) {
        var due = runtime.clock().nanos() + delayNanos;
        topics.forEach(topic -> dueNanos.putIfAbsent(topic, due));
    }

    void clear() {
        dueNanos.clear();
    }

    /** How long until the first is due; the largest long if there is none. */
    long nanosUntilDue() {
        var now = runtime.clock().nanos();
        return dueNanos.values().stream()
                .mapToLong(due -> Math.max(0, due - now))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Gives those that are due, which are stale no more. */
    List<String> takeDue() {
        var now = runtime.clock().nanos();
        var taken = dueNanos.entrySet().stream()
                .filter(each -> each.getValue() - now <= 0)
                .map(Map.Entry::getKey)
                .toList();
        taken.forEach(dueNanos::remove);
        return taken;
    }

    /** The topic was asked for. */
    void answered(String topic, boolean hasChanged) {
        var now = runtime.clock().nanos();
        if (hasChanged) {
            inVain.remove(topic);
        } else {
            inVain.put(topic, new InVain(inVainCount(topic, now) + 1, now));
        }
        inVain.values().removeIf(each -> now - each.lastNanos() > FORGET_NANOS);
    }
}
