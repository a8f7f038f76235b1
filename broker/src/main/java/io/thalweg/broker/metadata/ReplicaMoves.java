package io.thalweg.broker.metadata;

import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PlacedEngine;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas of this broker on their way from one of its directories to another. A log is copied while it is used; the end of it comes
 * between two images, so that nothing else opens or deletes the log then. Any thread.
 */
public final class ReplicaMoves {

    private static final Logger log = LoggerFactory.getLogger(ReplicaMoves.class);

    private final PlacedEngine engine;
    private final MetadataFollower follower;
    private final TopicHosting hosting;
    private final long bytesPerSecond;
    private final Map<LogId, UnderWay> underWay = new ConcurrentHashMap<>();

    private record UnderWay(Path to, PlacedEngine.Move move) {}

    /**
     * No moves yet.
     *
     * @param bytesPerSecond how fast each log is copied, at most; 0 for no limit
     */
    public ReplicaMoves(PlacedEngine engine, MetadataFollower follower, TopicHosting hosting, long bytesPerSecond) {
        this.engine = engine;
        this.follower = follower;
        this.hosting = hosting;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** The directories that replicas are moved between. */
    public PlacedEngine engine() {
        return engine;
    }

    /** Begins to move the log to another directory than its own, unless it is on its way there; one to a third is given up. */
    public synchronized void begin(LogId id, Path to) {
        var before = underWay.get(id);
        if (before != null && before.to().equals(to)) {
            return;
        }
        cancel(id);
        var move = engine.move(id, to, bytesPerSecond);
        var mine = new UnderWay(to, move);
        underWay.put(id, mine);
        log.info("{} is copied to {}", id, to);
        move.copied()
                .thenCompose(copied -> follower.between(image -> hosting.swap(image, id, move)))
                .whenComplete((nothing, failure) -> ended(id, mine, failure));
    }

    /** Gives up the move of a log, if there is one that can be given up. */
    public synchronized void cancel(LogId id) {
        var before = underWay.remove(id);
        if (before != null) {
            before.move().close();
        }
    }

    private void ended(LogId id, UnderWay mine, @Nullable Throwable failure) {
        underWay.remove(id, mine);
        mine.move().close();
        if (failure == null) {
            log.info("{} lies in {} now", id, mine.to());
        } else {
            log.warn("{} was not moved to {}", id, mine.to(), failure);
        }
    }
}
