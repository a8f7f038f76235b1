package io.thalweg.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.broker.metadata.Incarnation;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import io.thalweg.protocol.message.BrokerRegistrationRequest;
import io.thalweg.protocol.message.BrokerRegistrationResponse;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.Leadership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Broker 1 and a controller that the test plays; everything on the test's thread. */
final class MembershipTest implements ControllerChannel {

    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final List<CompletableFuture<BrokerHeartbeatResponse>> beats = new ArrayList<>();
    private final PlayedWorld world = new PlayedWorld();
    private final MetadataFollower follower = world.metadata();
    private final Membership membership = new Membership(
            new Membership.Ground(world, world, world, List::of),
            this,
            follower,
            new Membership.Identity(1, ConfigValues.empty(), List.of(), new Incarnation(new UUID(1, 1), List.of())),
            new Membership.Times(TimeUnit.SECONDS.toNanos(2), TimeUnit.SECONDS.toNanos(60)));

    private CompletableFuture<Void> joined = new CompletableFuture<>();
    private ErrorCode registration = ErrorCode.NONE;

    @BeforeEach
    void join() {
        var image = MetadataImage.EMPTY.withClusterId("cluster");
        follower.published(image.since(MetadataImage.EMPTY), 1);
        follower.leadership(new Leadership(OptionalInt.of(2), 1, false));
        joined = membership.join().toCompletableFuture();
        answer(false);
    }

    @Override
    public <R extends ResponseMessage> CompletionStage<R> call(RequestMessage request, Class<R> responseType) {
        if (request instanceof BrokerRegistrationRequest) {
            return CompletableFuture.completedStage(responseType.cast(BrokerRegistrationResponse.builder()
                    .errorCode(registration.code())
                    .brokerEpoch(-1)
                    .build()));
        }
        assertThat(request).isInstanceOf(BrokerHeartbeatRequest.class);
        var beat = new CompletableFuture<BrokerHeartbeatResponse>();
        beats.add(beat);
        return beat.thenApply(responseType::cast);
    }

    private void answer(boolean mayShutDown) {
        beats.remove(0)
                .complete(BrokerHeartbeatResponse.builder()
                        .isCaughtUp(true)
                        .shouldShutDown(mayShutDown)
                        .build());
    }

    private void pass(long seconds) {
        for (var passed = 0L; passed < TimeUnit.SECONDS.toNanos(seconds); passed += STEP_NANOS) {
            world.pass(STEP_NANOS);
        }
    }

    @Test
    void whoseIdAnotherHasIsToldSoAndDoesNotStart() {
        registration = ErrorCode.DUPLICATE_BROKER_REGISTRATION;
        pass(2);
        beats.remove(0)
                .complete(BrokerHeartbeatResponse.builder()
                        .errorCode(ErrorCode.BROKER_ID_NOT_REGISTERED.code())
                        .build());
        pass(30);
        assertThat(joined).isNotDone();

        pass(30);

        assertThat(joined)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withMessageContaining("broker 1")
                .withMessageContaining("another server has this node.id");
    }

    @Test
    void whoLeavesWaitsAsLongAsAControllerAnswers() {
        var left = membership.leave().toCompletableFuture();
        for (var second = 0; second < 10; second++) {
            answer(false);
            pass(1);
        }
        assertThat(left).isNotDone();

        answer(true);

        assertThat(left).isCompleted();
    }

    @Test
    void whoLeavesDoesNotWaitForAControllerThatIsGone() {
        var left = membership.leave().toCompletableFuture();
        answer(false);
        pass(10);
        assertThat(left).as("left while a controller leads that is slow").isNotDone();

        follower.leadership(new Leadership(OptionalInt.empty(), 2, false));
        pass(1);

        assertThat(left).isCompleted();
    }
}
