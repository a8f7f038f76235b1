package io.thalweg.broker.cleaner;

import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cleans one log after the other: looks at all, takes the one that needs it most, and rests when none does. Its steps run one after the
 * other.
 *
 * <p>A log that fails for now is passed over until all others have had their turn; one whose batches cannot be read is given up until
 * it is led anew.
 */
final class CleanerLane {

    private static final Logger log = LoggerFactory.getLogger(CleanerLane.class);

    private final CompactedLogs logs;
    private final CleanerMarks marks;
    private final CleanerResources resources;
    private final CleanerListener listener;
    private final Clock clock;
    private final Timers timers;
    private final long backoffNanos;
    private final Set<CleanTarget> passedOver = new LinkedHashSet<>();
    private final AtomicBoolean isResting = new AtomicBoolean();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile Timers.Timer rest = () -> {};
    private volatile boolean isBegun;

    CleanerLane(
            CompactedLogs logs,
            CleanerMarks marks,
            CleanerResources resources,
            CleanerListener listener,
            Clock clock,
            Timers timers,
            long backoffMillis) {
        this.logs = logs;
        this.marks = marks;
        this.resources = resources;
        this.listener = listener;
        this.clock = clock;
        this.timers = timers;
        this.backoffNanos = TimeUnit.MILLISECONDS.toNanos(backoffMillis);
    }

    /** Rests, and then begins. */
    void rest() {
        isBegun = true;
        isResting.set(true);
        rest = timers.schedule(backoffNanos, this::wake);
        if (resources.isStopping().getAsBoolean()) {
            wake();
        }
    }

    private void wake() {
        if (isResting.compareAndSet(true, false)) {
            resources.worker().execute(this::goOn);
        }
    }

    /** Completes when the step that is on has come to an end; after the resources say that everything is to end. */
    CompletionStage<Void> stop() {
        rest.cancel();
        wake();
        return isBegun ? ended : CompletableFuture.completedFuture(null);
    }

    private void goOn() {
        if (resources.isStopping().getAsBoolean()) {
            ended.complete(null);
            return;
        }
        turn().whenCompleteAsync((hasCleaned, failure) -> after(hasCleaned, failure), resources.worker());
    }

    private void after(@Nullable Boolean hasCleaned, @Nullable Throwable failure) {
        if (failure != null && !resources.isStopping().getAsBoolean()) {
            log.warn("the cleaner could not look for logs to clean", failure);
        }
        if (Boolean.TRUE.equals(hasCleaned) || resources.isStopping().getAsBoolean()) {
            goOn();
        } else {
            passedOver.clear();
            rest();
        }
    }

    /** One step: completes with whether a log was cleaned, or tried. */
    CompletionStage<Boolean> turn() {
        return logs.rollOverdue()
                .thenCompose(nothing -> logs.list())
                .thenCompose(this::plans)
                .thenCompose(this::choose)
                .thenCompose(this::clean);
    }

    private CompletionStage<List<CleaningPlan>> plans(List<CleanTarget> targets) {
        marks.keepOnly(targets);
        CompletionStage<List<CleaningPlan>> plans = CompletableFuture.completedFuture(new ArrayList<>());
        for (var target : targets) {
            if (marks.isFree(target) && !isPassedOver(target)) {
                plans = plans.thenCombine(progress(target), (list, progress) -> {
                    plan(target, progress).ifPresent(list::add);
                    return list;
                });
            }
        }
        return plans;
    }

    /** Empty if the log was closed since it was listed, or does not say what it has; the others are planned for all the same. */
    private Optional<CleaningPlan> plan(CleanTarget target, CleanerProgress progress) {
        try {
            return Optional.of(CleaningPlan.of(target, progress, clock.millis()));
        } catch (RuntimeException | Error e) {
            failed(target, e);
            return Optional.empty();
        }
    }

    private boolean isPassedOver(CleanTarget target) {
        return passedOver.stream().anyMatch(each -> each.partition().equals(target.partition()));
    }

    private CompletionStage<CleanerProgress> progress(CleanTarget target) {
        var known = marks.progress(target);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.get());
        }
        return logs.savedProgress(target)
                .exceptionally(failure -> CleanerProgress.at(0))
                .thenApply(saved -> {
                    marks.note(target, saved);
                    return saved;
                });
    }

    /** The log that has waited too long, else the dirtiest of those that are dirty enough. */
    private CompletionStage<Optional<CleaningPlan>> choose(List<CleaningPlan> plans) {
        CompletionStage<Optional<CleaningPlan>> overdue = CompletableFuture.completedFuture(Optional.empty());
        for (var plan : plans) {
            if (plan.mayBeOverdue()) {
                overdue = overdue.thenCompose(found -> found.isPresent()
                        ? CompletableFuture.completedFuture(found)
                        : isOverdue(plan).thenApply(isIt -> isIt ? Optional.of(plan) : Optional.empty()));
            }
        }
        return overdue.thenApply(found -> found.or(() ->
                plans.stream().filter(CleaningPlan::isDue).max(Comparator.comparingDouble(CleaningPlan::dirtyRatio))));
    }

    /** Looks at the first batch that is dirty. */
    private CompletionStage<Boolean> isOverdue(CleaningPlan plan) {
        var since = clock.millis() - plan.target().config().maxLagMillis();
        var isOld = new AtomicBoolean();
        return resources
                .readingOneByOne(plan.target().log())
                .over(plan.firstDirty(), plan.end(), batches -> {
                    isOld.set(batches.stream()
                            .mapToLong(RecordBatch::maxTimestamp)
                            .anyMatch(timestamp -> timestamp >= 0 && timestamp < since));
                    return CompletableFuture.completedStage(false);
                })
                .handle((end, failure) -> failure == null && isOld.get());
    }

    private CompletionStage<Boolean> clean(Optional<CleaningPlan> chosen) {
        if (chosen.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        var plan = chosen.get();
        if (!marks.take(plan.target())) {
            return CompletableFuture.completedFuture(true);
        }
        return logs.rememberedBatches(plan.target())
                .thenComposeAsync(
                        remembered -> new Cleaning(
                                        plan, resources, new Notes(plan.target()), remembered, clock.millis())
                                .run(),
                        resources.worker())
                .thenAccept(result -> {
                    listener.cleaned(result.bytesBefore(), result.bytesAfter());
                    log.debug("{} was cleaned: {}", plan.target().partition(), result);
                })
                .handle((nothing, failure) -> {
                    if (failure != null) {
                        failed(plan.target(), failure);
                    }
                    marks.giveBack(plan.target());
                    return true;
                });
    }

    private final class Notes implements Cleaning.Notes {

        private final CleanTarget target;

        Notes(CleanTarget target) {
            this.target = target;
        }

        @Override
        public CompletionStage<Void> finish(SegmentedLog.Replacement replacement) {
            return logs.finish(target, replacement);
        }

        @Override
        public CompletionStage<Void> save(CleanerProgress progress) {
            return logs.save(target, progress).thenRun(() -> marks.note(target, progress));
        }
    }

    private void failed(CleanTarget target, Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        passedOver.add(target);
        if (cause instanceof CancellationException) {
            return;
        }
        if (isOfTheMoment(target, cause)) {
            log.info("{} was not cleaned this time: {}", target.partition(), cause.getMessage());
        } else {
            log.error("{} cannot be cleaned and grows until it is led anew", target.partition(), cause);
            marks.uncleanable(target);
            if (StorageErrors.isDamage(cause)) {
                logs.damaged(target);
            }
        }
    }

    /** A log that is closed under the cleaner's hands, because its topic is deleted or led elsewhere, is none that cannot be read. */
    private static boolean isOfTheMoment(CleanTarget target, Throwable cause) {
        return cause instanceof StorageException
                ? !(cause instanceof StorageException.Corrupt)
                : cause instanceof IllegalStateException && !target.isCurrent();
    }
}
