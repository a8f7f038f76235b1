package io.thalweg.broker.cluster;

import io.thalweg.broker.config.ListenerConfig;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.broker.metadata.Incarnation;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.metadata.SelfRegistration;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import io.thalweg.protocol.message.BrokerRegistrationResponse;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this broker a member of its cluster and keeps it one: registers its incarnation, tells the controller again and again that it
 * lives, registers anew when the controller has forgotten it, and takes its leave when it stops. Owned by the controller's event loop.
 *
 * <p>It asks to be unfenced only once it has seen its own registration in the metadata log and has begun to carry images out, so that
 * it is never made leader of what it does not know; and to be fenced when it cannot follow the log any further, or when the last of its log
 * directories has failed.
 */
public final class Membership {

    private static final Logger log = LoggerFactory.getLogger(Membership.class);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** A broker that leaves asks so often whether its leaderships have moved. */
    private static final long LEAVING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A broker that leaves, hears nothing for so long and knows of no controller goes all the same: nobody could let it go. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Ground runtime;
    private final ControllerChannel channel;
    private final MetadataFollower follower;
    private final Identity identity;
    private final Times times;
    private final CompletableFuture<Void> joined = new CompletableFuture<>();
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private long registrationDeadlineNanos;
    private long brokerEpoch = -1;
    private long heardNanos;
    private boolean isReady;
    private boolean isActivated;
    private boolean isBeating;
    private boolean isLeaving;
    private boolean isEnded;
    private Timers.@Nullable Timer nextBeat;

    /** Why it is not registered, as it was told last. */
    private @Nullable String saidReason;

    /**
     * What it takes from the world; the loop is the controller's.
     *
     * @param failedDirectories the log directories that have failed, by their ids
     */
    public record Ground(EventLoop loop, Clock clock, Timers timers, Supplier<List<UUID>> failedDirectories) {}

    /**
     * Who the broker is.
     *
     * @param config the settings it was started with
     */
    public record Identity(int nodeId, ConfigValues config, List<ListenerConfig> listeners, Incarnation incarnation) {

        public Identity {
            listeners = List.copyOf(listeners);
        }
    }

    /**
     * How long things take.
     *
     * @param beatNanos from one heartbeat to the next
     * @param registrationNanos a broker that cannot register for so long does not start
     */
    public record Times(long beatNanos, long registrationNanos) {}

    public Membership(
            Ground runtime, ControllerChannel channel, MetadataFollower follower, Identity identity, Times times) {
        this.runtime = runtime;
        this.channel = channel;
        this.follower = follower;
        this.identity = identity;
        this.times = times;
    }

    /** Begins; once. Completes once the broker is unfenced and has carried out what it knew then. Any thread. */
    public CompletionStage<Void> join() {
        registrationDeadlineNanos = runtime.clock().nanos() + times.registrationNanos();
        follower.firstImage().whenComplete((image, failure) -> {
            if (failure == null) {
                hop(this::register);
            } else {
                joined.completeExceptionally(failure);
            }
        });
        return joined;
    }

    private void register() {
        assert runtime.loop().isCurrent();
        if (isEnded || isLeaving) {
            return;
        }
        isReady = false;
        var clusterId = Objects.requireNonNull(follower.known().cluster().id(), "cluster id");
        var request = SelfRegistration.registration(
                clusterId, identity.nodeId(), identity.config(), identity.listeners(), identity.incarnation());
        channel.call(request, BrokerRegistrationResponse.class)
                .whenComplete((reply, failure) -> hop(() -> registered(reply, failure)));
    }

    private void registered(@Nullable BrokerRegistrationResponse reply, @Nullable Throwable failure) {
        if (reply != null && reply.errorCode() == ErrorCode.NONE.code()) {
            brokerEpoch = reply.brokerEpoch();
            saidReason = null;
            follower.whenKnown(this::isPastOwnRegistration)
                    .thenCompose(nothing -> activate())
                    .whenComplete((nothing, problem) -> hop(this::ready));
            return;
        }
        var reason = reply == null ? String.valueOf(failure) : reason(reply);
        if (!joined.isDone() && runtime.clock().nanos() - registrationDeadlineNanos >= 0) {
            isEnded = true;
            joined.completeExceptionally(new IllegalStateException(
                    "registration of broker " + identity.nodeId() + " did not succeed: " + reason));
            return;
        }
        if (!reason.equals(saidReason)) {
            saidReason = reason;
            log.info("broker {} is not registered yet: {}", identity.nodeId(), reason);
        }
        runtime.timers().schedule(RETRY_NANOS, () -> hop(this::register));
    }

    private static String reason(BrokerRegistrationResponse refusal) {
        var error = ErrorCode.forCode(refusal.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        return error == ErrorCode.DUPLICATE_BROKER_REGISTRATION
                ? error
                        + ": another server has this node.id, or one with other log.dirs ended a moment ago and is not given up yet"
                : error.toString();
    }

    /** The broker may not be in the image: one that was unregistered since learns that from its first heartbeat. */
    private boolean isPastOwnRegistration(MetadataImage image) {
        return image.cluster().nextBrokerEpoch() > brokerEpoch;
    }

    private CompletionStage<Void> activate() {
        if (isActivated) {
            return CompletableFuture.completedFuture(null);
        }
        isActivated = true;
        return follower.activate();
    }

    private void ready() {
        isReady = true;
        beat();
    }

    private void beat() {
        assert runtime.loop().isCurrent();
        if (isEnded || isBeating || !isReady) {
            return;
        }
        cancelNextBeat();
        isBeating = true;
        var failedDirectories = runtime.failedDirectories().get();
        var request = BrokerHeartbeatRequest.builder()
                .brokerId(identity.nodeId())
                .brokerEpoch(brokerEpoch)
                .currentMetadataOffset(follower.knownEndOffset() - 1)
                .wantFence(follower.hasFailed() || hasNoDirectoryLeft(failedDirectories))
                .offlineLogDirs(failedDirectories)
                .wantShutDown(isLeaving)
                .build();
        channel.call(request, BrokerHeartbeatResponse.class)
                .whenComplete((reply, failure) -> hop(() -> heard(reply, failure)));
    }

    private boolean hasNoDirectoryLeft(List<UUID> failed) {
        var all = identity.incarnation().directories();
        return !all.isEmpty() && failed.containsAll(all);
    }

    private void heard(@Nullable BrokerHeartbeatResponse reply, @Nullable Throwable failure) {
        isBeating = false;
        if (reply == null) {
            var reason = failure == null ? "nothing came" : String.valueOf(failure.getMessage());
            log.warn("broker {} got no answer to its heartbeat: {}", identity.nodeId(), reason);
            beatAfter(RETRY_NANOS);
            return;
        }
        heardNanos = runtime.clock().nanos();
        var error = ErrorCode.forCode(reply.errorCode()).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
        switch (error) {
            case NONE -> answered(reply);
            case STALE_BROKER_EPOCH, BROKER_ID_NOT_REGISTERED -> {
                log.warn("broker {} registers again: its heartbeat was answered with {}", identity.nodeId(), error);
                forgotten();
            }
            default -> {
                log.warn("heartbeat of broker {} was answered with {}", identity.nodeId(), error);
                beatAfter(RETRY_NANOS);
            }
        }
    }

    private void forgotten() {
        if (isLeaving) {
            left.complete(null);
        } else {
            register();
        }
    }

    private void answered(BrokerHeartbeatResponse reply) {
        if (isLeaving && reply.shouldShutDown()) {
            left.complete(null);
        } else {
            if (!reply.isFenced() && !joined.isDone()) {
                follower.whenKnown(this::isUnfenced)
                        .thenCompose(nothing -> follower.caughtUp())
                        .whenComplete((nothing, failure) -> joined.complete(null));
            }
            beatAfter(isLeaving ? LEAVING_NANOS : times.beatNanos());
        }
    }

    private boolean isUnfenced(MetadataImage image) {
        return image.broker(identity.nodeId())
                .filter(broker -> broker.epoch() >= brokerEpoch)
                .filter(broker -> !broker.fenced())
                .map(BrokerImage::id)
                .isPresent();
    }

    private void beatAfter(long nanos) {
        cancelNextBeat();
        nextBeat = runtime.timers().schedule(nanos, () -> hop(this::beat));
    }

    private void cancelNextBeat() {
        if (nextBeat != null) {
            nextBeat.cancel();
            nextBeat = null;
        }
    }

    /** Has the controller move what this broker leads; completes once the broker may stop. Any thread. */
    public CompletionStage<Void> leave() {
        hop(() -> {
            isLeaving = true;
            if (isReady && !isEnded) {
                heardNanos = runtime.clock().nanos();
                listen();
                beat();
            } else {
                left.complete(null);
            }
        });
        return left;
    }

    /** The last of a quorum that stops has nobody left to agree with. */
    private void listen() {
        if (left.isDone()) {
            return;
        }
        var isSilent = runtime.clock().nanos() - heardNanos >= SILENCE_NANOS;
        if (isSilent && follower.controllerId().isEmpty()) {
            log.warn("broker {} stops without a controller's leave: none answers", identity.nodeId());
            left.complete(null);
        } else {
            runtime.timers().schedule(LEAVING_NANOS, () -> hop(this::listen));
        }
    }

    /** Says nothing more to the controller. Any thread. */
    public void end() {
        hop(() -> {
            isEnded = true;
            cancelNextBeat();
            left.complete(null);
        });
    }

    private void hop(Runnable task) {
        try {
            runtime.loop().execute(task);
        } catch (RejectedExecutionException e) {
            left.complete(null);
            joined.completeExceptionally(e);
        }
    }
}
