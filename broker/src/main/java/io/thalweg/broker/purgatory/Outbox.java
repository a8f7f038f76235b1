package io.thalweg.broker.purgatory;

import io.thalweg.spi.runtime.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a shard has to tell event loops; at the end of a ring turn each loop is woken once for all of it. Owned by the shard.
 *
 * <p>The order of loops is the order in which they were first written to, so that a simulated run repeats.
 */
public final class Outbox {

    private static final Logger log = LoggerFactory.getLogger(Outbox.class);

    private final Map<EventLoop, List<Runnable>> byLoop = new LinkedHashMap<>();

    /** Runs the task on the loop after {@link #flush}. */
    public void add(EventLoop loop, Runnable task) {
        byLoop.computeIfAbsent(loop, first -> new ArrayList<>()).add(task);
    }

    /** Hands everything over. */
    public void flush() {
        if (!byLoop.isEmpty()) {
            byLoop.forEach(Outbox::handOver);
            byLoop.clear();
        }
    }

    private static void handOver(EventLoop loop, List<Runnable> tasks) {
        try {
            loop.execute(tasks.size() == 1 ? tasks.get(0) : () -> tasks.forEach(Runnable::run));
        } catch (RejectedExecutionException e) {
            log.debug("event loop has ended; {} answers dropped", tasks.size());
        }
    }
}
