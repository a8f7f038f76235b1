package io.thalweg.broker;

import io.thalweg.broker.runtime.Patience;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a broker has opened; closed in the opposite order, each whatever becomes of the others. Idempotent; one thread at a time.
 *
 * <p>The closing runs to its end: an interrupt would close the files that it writes to.
 */
final class ResourceStack implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ResourceStack.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Patience patience;

    /** An empty one that is closed with this patience. */
    ResourceStack(Patience patience) {
        this.patience = patience;
    }

    <C extends AutoCloseable> C push(C resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() {
        if (!opened.isEmpty()) {
            patience.runToTheEnd(this::closeAll);
        }
    }

    private void closeAll() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                log.error("a part of the broker did not close", e);
            }
        }
    }
}
