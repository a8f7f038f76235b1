package io.thalweg.broker.metadata;

import io.thalweg.coordinator.controller.ImageListener;
import io.thalweg.coordinator.metadata.MetadataDelta;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.LogId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the metadata images: has each one carried out on the shards, one after the other, and shows it to the request handlers once
 * that is done. Called on the controller's event loop; others only look.
 */
public final class MetadataFollower implements ImageListener, ClusterView {

    private static final Logger log = LoggerFactory.getLogger(MetadataFollower.class);

    private final EventLoop loop;
    private final int brokerId;
    private final TopicHosting hosting;
    private final IdleSettings idleSettings;
    private final CompletableFuture<MetadataImage> firstImage = new CompletableFuture<>();
    private volatile MetadataImage shown = MetadataImage.EMPTY;
    private volatile OptionalInt controllerId = OptionalInt.empty();
    private volatile CompletionStage<Void> caughtUp = CompletableFuture.completedFuture(null);
    private final List<Awaited> awaited = new ArrayList<>();
    private volatile MetadataImage latest = MetadataImage.EMPTY;
    private volatile long endOffset;
    private volatile boolean hasFailed;
    private boolean isActive;
    private Consumer<MetadataDelta> changes = delta -> {};
    private final List<Runnable> leaderChanges = new CopyOnWriteArrayList<>();

    /** Who waits for an image of some kind. */
    private record Awaited(Predicate<MetadataImage> kind, CompletableFuture<Void> stage) {}

    /**
     * A follower that has seen nothing.
     *
     * @param loop the controller's event loop
     */
    public MetadataFollower(EventLoop loop, int brokerId, TopicHosting hosting, IdleSettings idleSettings) {
        this.loop = loop;
        this.brokerId = brokerId;
        this.hosting = hosting;
        this.idleSettings = idleSettings;
    }

    /** Has every change told to this, too; before the first of them. */
    public void alsoTell(Consumer<MetadataDelta> listener) {
        changes = listener;
    }

    @Override
    public void published(MetadataDelta delta, long newEndOffset) {
        assert loop.isCurrent();
        changes.accept(delta);
        latest = delta.after();
        endOffset = newEndOffset;
        if (isActive) {
            carryOut(delta);
        }
        if (latest.cluster().id() != null) {
            firstImage.complete(latest);
        }
        var reached = awaited.stream().filter(each -> each.kind.test(latest)).toList();
        awaited.removeAll(reached);
        reached.forEach(each -> each.stage.complete(null));
    }

    private void carryOut(MetadataDelta delta) {
        idleSettings.look(delta);
        caughtUp = caughtUp.thenCompose(nothing -> hosting.carryOut(delta)).handle((nothing, failure) -> {
            if (failure != null) {
                log.error("a change of metadata could not be carried out in full", failure);
            }
            shown = delta.after();
            return null;
        });
    }

    /**
     * Begins to carry images out; until the broker is registered the epochs in them are those of its former life. Any thread. Completes
     * once what is known so far is carried out.
     */
    public CompletionStage<Void> activate() {
        return CompletableFuture.runAsync(this::begin, loop).thenCompose(begun -> caughtUp);
    }

    private void begin() {
        assert loop.isCurrent();
        isActive = true;
        carryOut(latest.since(MetadataImage.EMPTY));
    }

    /** Completes with the first image that has a cluster id, once the metadata log has been read. */
    public CompletionStage<MetadataImage> firstImage() {
        return firstImage;
    }

    /** The newest image, whether or not it is carried out yet. Any thread. */
    public MetadataImage known() {
        return latest;
    }

    /** The newest image has every entry of the metadata log below this offset. Any thread. */
    public long knownEndOffset() {
        return endOffset;
    }

    /** Completes once the newest image is of that kind; on the controller's event loop. */
    public CompletionStage<Void> whenKnown(Predicate<MetadataImage> kind) {
        assert loop.isCurrent();
        if (kind.test(latest)) {
            return CompletableFuture.completedFuture(null);
        }
        var each = new Awaited(kind, new CompletableFuture<>());
        awaited.add(each);
        return each.stage;
    }

    /** Completes once everything published so far is carried out. */
    public CompletionStage<Void> caughtUp() {
        return caughtUp;
    }

    /** Has a damaged replica fetched anew, if by then the image allows it. Any thread. */
    CompletionStage<Void> fetchAnew(LogId id) {
        return between(image -> hosting.fetchAnew(image, id));
    }

    /** Runs a step between two images, with the one that is carried out by then. Any thread; completes as the step does. */
    CompletionStage<Void> between(Function<MetadataImage, CompletionStage<Void>> step) {
        var begun = CompletableFuture.supplyAsync(
                () -> {
                    var done = caughtUp.thenCompose(nothing -> step.apply(shown));
                    caughtUp = done.handle((nothing, failure) -> null);
                    return done;
                },
                loop);
        return begun.thenCompose(done -> done);
    }

    @Override
    public void leadership(Leadership leadership) {
        controllerId = leadership.leaderId();
        leaderChanges.forEach(Runnable::run);
    }

    /** Has every change of who leads the metadata log told to this, too, on the controller's event loop. Any thread. */
    public void whenLeaderChanges(Runnable listener) {
        leaderChanges.add(listener);
    }

    @Override
    public void failed(Throwable cause) {
        log.error("the metadata log cannot be followed any more; restart the broker once its storage is sound", cause);
        hasFailed = true;
        firstImage.completeExceptionally(cause);
    }

    /** Whether no newer image will ever come. Any thread. */
    public boolean hasFailed() {
        return hasFailed;
    }

    @Override
    public MetadataImage image() {
        return shown;
    }

    @Override
    public int brokerId() {
        return brokerId;
    }

    @Override
    public OptionalInt controllerId() {
        return controllerId;
    }
}
