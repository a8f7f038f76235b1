package io.thalweg.coordinator.group;

import static io.thalweg.coordinator.group.ConsumerFixture.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups that change from one protocol to the other while they have members. */
final class MigrationsTest {

    /** Version 1: the topic orders, no user data, nothing owned. */
    private static final String SUBSCRIPTION = "\0\1\0\0\0\1\0\6orders\0\0\0\0\0\0\0\0";

    private final ConsumerFixture consumers = new ConsumerFixture();

    @BeforeEach
    void createTopic() {
        consumers.topic("orders", 4);
    }

    /** A member of the classic protocol, as its client sees it. */
    private final class Classic {

        private String id = "";
        private int generation;

        private CompletableFuture<JoinGroupResponse> ask() {
            var request = JoinGroupRequest.builder()
                    .groupId(GROUP)
                    .memberId(id)
                    .sessionTimeoutMillis(20_000)
                    .rebalanceTimeoutMillis(30_000)
                    .protocolType("consumer")
                    .protocols(List.of(GroupFixture.protocol("range", SUBSCRIPTION)))
                    .build();
            return consumers.groups.call(asked -> asked.join(request, new Caller("client", "/host", (short) 9)));
        }

        ErrorCode join() {
            return take(ask().join());
        }

        ErrorCode take(JoinGroupResponse answer) {
            var error = GroupFixture.error(answer.errorCode());
            if (error == ErrorCode.MEMBER_ID_REQUIRED) {
                id = answer.memberId();
                return join();
            }
            generation = answer.generationId();
            return error;
        }

        List<Integer> sync(SyncGroupRequest.Assignment... assignments) {
            var request = SyncGroupRequest.builder()
                    .groupId(GROUP)
                    .memberId(id)
                    .generationId(generation)
                    .protocolType("consumer")
                    .protocolName("range")
                    .assignments(List.of(assignments))
                    .build();
            var answer = consumers.groups.call(asked -> asked.sync(request)).join();
            assertThat(GroupFixture.error(answer.errorCode())).isEqualTo(ErrorCode.NONE);
            var assigned = EmbeddedProtocol.assignment(answer.assignment(), consumers.image());
            return new ArrayList<>(assigned.of(ConsumerFixture.id("orders")).keySet());
        }

        ErrorCode beat() {
            var request = HeartbeatRequest.builder()
                    .groupId(GROUP)
                    .memberId(id)
                    .generationId(generation)
                    .build();
            return consumers.groups.heartbeat(request);
        }
    }

    /** A classic group of one, to whom all is assigned. */
    private Classic stableClassic() {
        var classic = new Classic();
        classic.id = classic.ask().join().memberId();
        var joining = classic.ask();
        consumers.groups.time.advance(Duration.ofSeconds(10));
        classic.take(joining.join());
        var all = new AssignedPartitions.Builder();
        for (var partition = 0; partition < 4; partition++) {
            all.add(ConsumerFixture.id("orders"), partition, 0);
        }
        var bytes = EmbeddedProtocol.assignment(all.build(), (short) 1, consumers.image());
        assertThat(classic.sync(new SyncGroupRequest.Assignment(classic.id, bytes)))
                .hasSize(4);
        return classic;
    }

    private static Set<Integer> numbers(ConsumerFixture.Client client) {
        var numbers = new TreeSet<Integer>();
        client.used.forEach(each -> numbers.add(Integer.valueOf(each.substring(each.indexOf(' ') + 1))));
        return numbers;
    }

    @Test
    void aMemberOfTheConsumerProtocolTakesTheGroupAlong() {
        var classic = stableClassic();
        var consumer = consumers.client("consumer", "orders");

        assertThat(consumer.join()).isEqualTo(ErrorCode.NONE);
        assertThat(consumer.count()).isZero();
        assertThat(classic.beat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(classic.join()).isEqualTo(ErrorCode.NONE);
        assertThat(classic.sync()).hasSize(2);
        assertThat(classic.beat()).isEqualTo(ErrorCode.NONE);
        consumer.beat();

        assertThat(consumer.count()).isEqualTo(2);
        assertThat(consumers.describe().groupState()).isEqualTo("Stable");
        assertThat(consumers.describe().members().stream().map(member -> member.memberType()))
                .containsExactlyInAnyOrder((byte) 0, (byte) 1);
    }

    @Test
    void aMixedGroupIsFoundAgainAfterARestart() {
        var classic = stableClassic();
        var consumer = consumers.client("consumer", "orders");
        consumer.join();

        consumers.groups.restart();

        assertThat(classic.beat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        classic.join();
        var kept = classic.sync();
        consumer.beat();
        assertThat(numbers(consumer)).hasSize(2).doesNotContainAnyElementsOf(kept);
    }

    @Test
    void aMemberOfTheClassicProtocolMayJoinAConsumerGroup() {
        var consumer = consumers.client("consumer", "orders");
        consumer.join();
        var classic = new Classic();

        assertThat(classic.join()).isEqualTo(ErrorCode.NONE);
        assertThat(classic.sync()).isEmpty();
        consumer.beat();
        consumer.beat();
        assertThat(classic.beat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        classic.join();

        assertThat(classic.sync()).hasSize(2).doesNotContainAnyElementsOf(numbers(consumer));
    }

    @Test
    void theGroupGoesBackWhenTheLastOfTheConsumerProtocolLeaves() {
        var classic = stableClassic();
        var consumer = consumers.client("consumer", "orders");
        consumer.join();
        classic.beat();
        classic.join();
        classic.sync();

        consumer.leave();

        assertThat(consumers.groups.state()).isEqualTo("PreparingRebalance");
        assertThat(classic.join()).isEqualTo(ErrorCode.NONE);
        classic.sync();
        assertThat(consumers.groups.state()).isEqualTo("Stable");
        consumers.groups.restart();
        assertThat(consumers.groups.state()).isEqualTo("Stable");
        assertThat(consumers.describe().errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
    }

    /** What the one who left had would be nobody's. */
    @Test
    void aGroupThatHasGoneBackSharesAnewThoughItsCoordinatorFailsFirst() {
        var classic = stableClassic();
        var consumer = consumers.client("consumer", "orders");
        consumer.join();
        classic.beat();
        classic.join();
        classic.sync();
        consumer.leave();

        consumers.groups.restart();

        assertThat(classic.beat()).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(classic.join()).isEqualTo(ErrorCode.NONE);
        classic.sync();
        assertThat(consumers.groups.state()).isEqualTo("Stable");
        consumers.groups.restart();
        assertThat(classic.beat()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aClassicMemberThatDoesNotJoinAgainInTimeIsOut() {
        var classic = stableClassic();
        var consumer = consumers.client("consumer", "orders");
        consumer.join();

        for (var beat = 0; beat < 4; beat++) {
            classic.beat();
            consumer.beat();
            consumers.groups.time.advance(Duration.ofSeconds(10));
        }
        consumer.beat();

        assertThat(classic.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(consumer.count()).isEqualTo(4);
    }

    @Test
    void whoWaitsToJoinAClassicGroupThatGoesOverJoinsAgain() {
        var classic = stableClassic();
        var waiting = new Classic();
        waiting.id = waiting.ask().join().memberId();
        var joining = waiting.ask();
        assertThat(joining).isNotDone();

        consumers.client("consumer", "orders").join();

        assertThat(GroupFixture.error(joining.join().errorCode())).isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
        assertThat(waiting.join()).isEqualTo(ErrorCode.NONE);
        assertThat(classic.join()).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aPolicyMayForbidIt() {
        var fixture = new ConsumerFixture(new GroupConfig(
                Duration.ZERO,
                GroupConfig.defaults().sessions(),
                10,
                GroupConfig.defaults().offsets(),
                new GroupConfig.Consumers(45_000, 5000, 10, List.of("uniform"), GroupConfig.Migration.DISABLED)));
        fixture.topic("orders", 1);
        fixture.groups.stableGroup(1);

        assertThat(fixture.client("consumer", "orders").join()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    @Test
    void whatTheBrokerCannotReadStaysClassic() {
        consumers.groups.stableGroup(1);

        assertThat(consumers.client("consumer", "orders").join()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(consumers.groups.state()).isEqualTo("Stable");
    }

    @Test
    void embeddedAssignmentsAreReadAsTheyAreWritten() {
        var builder = new AssignedPartitions.Builder();
        builder.add(ConsumerFixture.id("orders"), 1, 0);
        builder.add(ConsumerFixture.id("orders"), 3, 0);
        var assigned = builder.build();

        ByteBuffer bytes = EmbeddedProtocol.assignment(assigned, (short) 1, consumers.image());

        assertThat(EmbeddedProtocol.assignment(bytes, consumers.image())).isEqualTo(assigned);
    }
}
