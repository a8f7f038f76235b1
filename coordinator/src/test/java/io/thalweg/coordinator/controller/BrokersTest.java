package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.BrokerEndpoint;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import io.thalweg.protocol.message.BrokerRegistrationRequest;
import io.thalweg.protocol.message.BrokerRegistrationResponse;
import io.thalweg.protocol.message.UnregisterBrokerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How brokers come, go, and come again: registration, heartbeats, the end of sessions, and what that does to partitions. */
final class BrokersTest {

    private static final UUID DIRECTORY = new UUID(200, 1);

    private final SteppedClock clock = new SteppedClock();
    private final BrokerSessions sessions = new BrokerSessions(clock, Optional.of(Duration.ofSeconds(9)));
    private final Elections elections = new Elections(new SampleSchema(), sessions);
    private final BrokerRegistrationDecider registration = new BrokerRegistrationDecider(sessions, elections);
    private final BrokerHeartbeatDecider heartbeat = new BrokerHeartbeatDecider(sessions, elections);

    private static BrokerRegistrationRequest registration(int id, int incarnation) {
        return BrokerRegistrationRequest.builder()
                .brokerId(id)
                .clusterId(Cluster.ID)
                .incarnationId(new UUID(7, incarnation))
                .listeners(List.of(new BrokerRegistrationRequest.Listener("PLAINTEXT", "localhost", 9092, (short) 0)))
                .rack("r1")
                .logDirs(List.of(DIRECTORY))
                .build();
    }

    private BrokerRegistrationResponse register(Cluster cluster, BrokerRegistrationRequest request) {
        return cluster.decide(registration, request);
    }

    private BrokerHeartbeatResponse heartbeat(Cluster cluster, int id, boolean wantFence) {
        long epoch = cluster.image().broker(id).orElseThrow().epoch();
        return cluster.decide(
                heartbeat,
                BrokerHeartbeatRequest.builder()
                        .brokerId(id)
                        .brokerEpoch(epoch)
                        .wantFence(wantFence)
                        .build());
    }

    private static void assertError(short code, ErrorCode expected) {
        assertThat(ErrorCode.forCode(code)).contains(expected);
    }

    @Test
    void newBrokerIsFencedUntilItAsksNotToBe() {
        var cluster = Cluster.withBrokers();

        var registered = register(cluster, registration(1, 1));

        assertThat(registered.brokerEpoch()).isZero();
        assertThat(cluster.image().broker(1))
                .contains(new BrokerImage(
                        1,
                        new UUID(7, 1),
                        0,
                        List.of(new BrokerEndpoint("PLAINTEXT", "localhost", 9092, (short) 0)),
                        List.of(DIRECTORY),
                        "r1",
                        true));
        assertThat(heartbeat(cluster, 1, true).isFenced()).isTrue();
        assertThat(heartbeat(cluster, 1, false).isFenced()).isFalse();
        assertThat(cluster.image().isActive(1)).isTrue();
    }

    @Test
    void heartbeatThatChangesNothingIsNotLogged() {
        var cluster = Cluster.withBrokers(1);
        var request = BrokerHeartbeatRequest.builder()
                .brokerId(1)
                .brokerEpoch(0)
                .wantFence(false)
                .build();

        assertThat(heartbeat.decide(cluster.image(), request).records()).isEmpty();
    }

    @Test
    void epochsOfBrokersAscendOverAllOfThem() {
        var cluster = Cluster.withBrokers();

        assertThat(register(cluster, registration(1, 1)).brokerEpoch()).isEqualTo(0);
        assertThat(register(cluster, registration(2, 1)).brokerEpoch()).isEqualTo(1);
        assertThat(register(cluster, registration(1, 2)).brokerEpoch()).isEqualTo(2);
    }

    @Test
    void sameIncarnationKeepsItsEpochAndIsNotLoggedTwice() {
        var cluster = Cluster.withBrokers();
        register(cluster, registration(1, 1));
        heartbeat(cluster, 1, false);

        var decision = registration.decide(cluster.image(), registration(1, 1));

        assertThat(decision.reply().brokerEpoch()).isZero();
        assertThat(decision.records()).isEmpty();
    }

    @Test
    void registrationRaisesTheLeaderEpochOfWhatABrokerLeadsAlone() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 2, 1).topic("users", 1, 2, 1);
        var endless = new BrokerSessions(clock, Optional.empty());

        cluster.decide(new BrokerRegistrationDecider(endless, elections), registration(1, 9));

        assertThat(cluster.partition("orders", 0)).isEqualTo(new PartitionImage(0, List.of(1), List.of(1), 1, 1, 1));
        assertThat(cluster.partition("orders", 1).leaderEpoch()).isEqualTo(1);
        assertThat(cluster.partition("users", 0).leaderEpoch()).isZero();
    }

    @Test
    void oneThatStartsAgainAmongOthersLeadsAndIsInSyncNoMore() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1).topic("users", 1, 1, 2);

        register(cluster, registration(1, 9));

        assertThat(cluster.partition("orders", 0))
                .isEqualTo(new PartitionImage(0, List.of(1), List.of(1), PartitionImage.NO_LEADER, 2, 2));
        // Its registration ends the epoch, the election that follows the next.
        assertThat(cluster.partition("users", 0)).isEqualTo(new PartitionImage(0, List.of(1, 2), List.of(2), 2, 2, 2));
    }

    @Test
    void oneThatStartsAgainIsEligibleOnlyWithAllItsDirectories() {
        var cluster = Cluster.withBrokers(1, 2, 3)
                .topic("orders", 1, 1, 2, 3)
                .config(ConfigResource.ofTopic("orders"), "min.insync.replicas", "3")
                .config(ConfigResource.ofTopic("orders"), "durability", "fsync");

        register(cluster, registration(1, 9));
        assertThat(cluster.partition("orders", 0).elr()).containsExactly(1);

        var without = registration(1, 10).toBuilder()
                .logDirs(List.of(new UUID(200, 77)))
                .build();
        register(cluster, without);
        assertThat(cluster.partition("orders", 0).elr()).isEmpty();
    }

    @Test
    void livingIncarnationIsReplacedOnlyByOneWithADirectoryOfIts() {
        var cluster = Cluster.withBrokers(1);
        sessions.restart(cluster.image());
        var stranger = registration(1, 9).toBuilder()
                .logDirs(List.of(new UUID(200, 77)))
                .build();

        assertError(register(cluster, stranger).errorCode(), ErrorCode.DUPLICATE_BROKER_REGISTRATION);
        assertThat(cluster.image().broker(1).orElseThrow().epoch()).isZero();
        assertThat(register(cluster, registration(1, 9)).brokerEpoch()).isEqualTo(1);
    }

    /** Its directory may have got a new id, because the file that held it was damaged. */
    @Test
    void theOnlyBrokerReplacesItselfWhateverItsDirectories() {
        var cluster = Cluster.withBrokers(1);
        var alone = new BrokerSessions(clock, Optional.empty());
        alone.restart(cluster.image());
        var renamed = registration(1, 9).toBuilder()
                .logDirs(List.of(new UUID(200, 77)))
                .build();

        var decision = new BrokerRegistrationDecider(alone, elections).decide(cluster.image(), renamed);

        assertThat(decision.reply().errorCode()).isZero();
    }

    @Test
    void deadIncarnationIsReplacedByAnyone() {
        var cluster = Cluster.withBrokers(1);
        sessions.restart(cluster.image());
        clock.advance(Duration.ofSeconds(9));
        var stranger = registration(1, 9).toBuilder().logDirs(List.of()).build();

        assertThat(register(cluster, stranger).errorCode()).isZero();
    }

    @Test
    void brokerOfAnotherClusterIsRefused() {
        var stranger = registration(1, 1).toBuilder().clusterId("other").build();

        assertError(register(Cluster.withBrokers(), stranger).errorCode(), ErrorCode.INCONSISTENT_CLUSTER_ID);
    }

    @Test
    void brokerNeedsAnIdAndAListener() {
        var cluster = Cluster.withBrokers();

        assertError(register(cluster, registration(-1, 1)).errorCode(), ErrorCode.INVALID_REGISTRATION);
        assertError(
                register(
                                cluster,
                                registration(1, 1).toBuilder()
                                        .listeners(List.of())
                                        .build())
                        .errorCode(),
                ErrorCode.INVALID_REGISTRATION);
    }

    @Test
    void heartbeatOfAnOldIncarnationIsRefused() {
        var cluster = Cluster.withBrokers(1, 2);
        var stale = BrokerHeartbeatRequest.builder().brokerId(2).brokerEpoch(0).build();
        var unknown =
                BrokerHeartbeatRequest.builder().brokerId(9).brokerEpoch(0).build();

        assertError(cluster.decide(heartbeat, stale).errorCode(), ErrorCode.STALE_BROKER_EPOCH);
        assertError(cluster.decide(heartbeat, unknown).errorCode(), ErrorCode.BROKER_ID_NOT_REGISTERED);
    }

    @Test
    void fencedLeaderIsReplacedOutOfTheIsr() {
        var cluster = Cluster.withBrokers(1, 2, 3).broker(2, true).topic("orders", 1, 1, 2, 3);

        heartbeat(cluster, 1, true);

        assertThat(cluster.partition("orders", 0))
                .isEqualTo(new PartitionImage(0, List.of(1, 2, 3), List.of(2, 3), 3, 1, 1));
    }

    @Test
    void fencedFollowerLeavesTheIsrAndTheLeaderStays() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1, 2);

        heartbeat(cluster, 2, true);

        assertThat(cluster.partition("orders", 0)).isEqualTo(new PartitionImage(0, List.of(1, 2), List.of(1), 1, 0, 1));
    }

    @Test
    void lastMemberStaysInTheIsrAndLeadsAgainWhenItIsBack() {
        var cluster = Cluster.withBrokers(1).topic("orders", 1, 1);

        heartbeat(cluster, 1, true);

        assertThat(cluster.partition("orders", 0))
                .isEqualTo(new PartitionImage(0, List.of(1), List.of(1), PartitionImage.NO_LEADER, 1, 1));
        heartbeat(cluster, 1, false);
        assertThat(cluster.partition("orders", 0)).isEqualTo(new PartitionImage(0, List.of(1), List.of(1), 1, 2, 2));
    }

    private BrokerHeartbeatResponse leave(Cluster cluster, int broker) {
        return cluster.decide(
                heartbeat,
                BrokerHeartbeatRequest.builder()
                        .brokerId(broker)
                        .brokerEpoch(
                                cluster.image().broker(broker).orElseThrow().epoch())
                        .wantShutDown(true)
                        .build());
    }

    @Test
    void brokerThatWantsToShutDownLosesWhatItLeadsBeforeItMayGo() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1, 2);

        var first = leave(cluster, 1);

        assertThat(first.shouldShutDown()).isFalse();
        assertThat(first.isFenced()).isFalse();
        assertThat(cluster.image().isActive(1)).isTrue();
        assertThat(cluster.partition("orders", 0)).isEqualTo(new PartitionImage(0, List.of(1, 2), List.of(2), 2, 1, 1));
        var second = leave(cluster, 1);
        assertThat(second.shouldShutDown()).isTrue();
        assertThat(second.isFenced()).isTrue();
        assertThat(cluster.image().isActive(1)).isFalse();
        assertThat(leave(cluster, 1).shouldShutDown()).isTrue();
    }

    @Test
    void whatOnlyALeavingBrokerHoldsIsLedByNobody() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1);

        assertThat(leave(cluster, 1).shouldShutDown()).isFalse();
        assertThat(leave(cluster, 1).shouldShutDown()).isTrue();

        assertThat(cluster.partition("orders", 0))
                .isEqualTo(new PartitionImage(0, List.of(1), List.of(1), PartitionImage.NO_LEADER, 1, 1));
    }

    @Test
    void leadershipDoesNotMoveToAnotherThatLeaves() {
        var cluster = Cluster.withBrokers(1, 2, 3).topic("orders", 1, 1, 2, 3);
        leave(cluster, 2);

        leave(cluster, 1);

        assertThat(cluster.partition("orders", 0).leader()).isEqualTo(3);
    }

    @Test
    void oneThatThinksBetterOfLeavingMayLeadAgain() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1);
        leave(cluster, 1);
        leave(cluster, 1);

        heartbeat(cluster, 1, false);

        assertThat(cluster.partition("orders", 0).leader()).isEqualTo(1);
    }

    /** Time passes, and the controller looks at the sessions all along. */
    private void pass(Cluster cluster, int seconds) {
        for (int second = 0; second < seconds; second++) {
            clock.advance(Duration.ofSeconds(1));
            assertThat(sessions.ended(cluster.image())).as("after %d s", second).hasSizeLessThan(2);
        }
    }

    @Test
    void timeInWhichTheControllerStoodStillDoesNotCount() {
        var cluster = Cluster.withBrokers(1, 2);
        sessions.restart(cluster.image());
        pass(cluster, 3);

        clock.advance(Duration.ofSeconds(60));

        assertThat(sessions.ended(cluster.image())).isEmpty();
        heartbeat(cluster, 2, false);
        pass(cluster, 5);
        assertThat(sessions.ended(cluster.image())).isEmpty();
        pass(cluster, 1);
        assertThat(sessions.ended(cluster.image())).extracting(BrokerImage::id).containsExactly(1);
    }

    @Test
    void brokersThatFallSilentAreFenced() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1, 2);
        sessions.restart(cluster.image());
        pass(cluster, 8);
        heartbeat(cluster, 2, false);
        pass(cluster, 1);

        var records = new SessionEnd(sessions, heartbeat).decide(cluster.image());

        var image = MetadataRecords.replay(cluster.image(), records);
        assertThat(image.isActive(1)).isFalse();
        assertThat(image.isActive(2)).isTrue();
        assertThat(image.topic("orders")
                        .orElseThrow()
                        .partition(0)
                        .orElseThrow()
                        .leader())
                .isEqualTo(2);
        assertThat(new SessionEnd(sessions, heartbeat).decide(image)).isEmpty();
    }

    @Test
    void aBrokerWhoseProcessHasEndedIsFencedBeforeItsSessionEnds() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1, 2);
        sessions.restart(cluster.image());
        long epoch = cluster.image().broker(1).orElseThrow().epoch();

        var image = MetadataRecords.replay(
                cluster.image(), new BrokerDeath(sessions, heartbeat, 1, epoch).decide(cluster.image()));

        assertThat(image.isActive(1)).isFalse();
        assertThat(sessions.isAlive(1)).isFalse();
        assertThat(image.topic("orders")
                        .orElseThrow()
                        .partition(0)
                        .orElseThrow()
                        .leader())
                .isEqualTo(2);
        assertThat(new BrokerDeath(sessions, heartbeat, 1, epoch).decide(image)).isEmpty();
    }

    @Test
    void theEndOfAnEarlierProcessSaysNothingOfTheNext() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1, 2);
        sessions.restart(cluster.image());
        long epoch = cluster.image().broker(1).orElseThrow().epoch();

        assertThat(new BrokerDeath(sessions, heartbeat, 1, epoch - 1).decide(cluster.image()))
                .isEmpty();
        assertThat(sessions.isAlive(1)).isTrue();
    }

    @Test
    void allBrokersMayFallSilentAtOnce() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1, 2);
        sessions.restart(cluster.image());
        pass(cluster, 8);
        clock.advance(Duration.ofSeconds(1));

        var image =
                MetadataRecords.replay(cluster.image(), new SessionEnd(sessions, heartbeat).decide(cluster.image()));

        assertThat(image.topic("orders").orElseThrow().partition(0))
                .contains(new PartitionImage(0, List.of(1, 2), List.of(2), PartitionImage.NO_LEADER, 2, 2));
    }

    /** Nobody knows any more which disks it had. */
    @Test
    void aBrokerThatWasUnregisteredIsNotEligibleWhenItComesBack() {
        var orders = ConfigResource.ofTopic("orders");
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1, 2).config(orders, "min.insync.replicas", "2");
        cluster.decide(new UnregisterBrokerDecider(elections), new UnregisterBrokerRequest(1));
        assertThat(cluster.partition("orders", 0).elr()).containsExactly(1);

        register(cluster, registration(1, 9));

        assertThat(cluster.partition("orders", 0).elr()).isEmpty();
    }

    @Test
    void newControllerGivesEveryBrokerAWholeSession() {
        var cluster = Cluster.withBrokers(1);
        sessions.restart(cluster.image());
        clock.advance(Duration.ofSeconds(9));

        sessions.restart(cluster.image());

        assertThat(sessions.ended(cluster.image())).isEmpty();
    }

    @Test
    void sessionsWithoutTimeoutDoNotEnd() {
        var cluster = Cluster.withBrokers(1);
        var endless = new BrokerSessions(clock, Optional.empty());
        endless.restart(cluster.image());

        clock.advance(Duration.ofDays(1));

        assertThat(endless.ended(cluster.image())).isEmpty();
    }
}
