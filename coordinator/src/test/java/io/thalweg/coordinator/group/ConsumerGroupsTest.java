package io.thalweg.coordinator.group;

import static io.thalweg.coordinator.group.ConsumerFixture.GROUP;
import static io.thalweg.coordinator.group.ConsumerFixture.error;
import static io.thalweg.coordinator.group.ConsumerFixture.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetFetchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups of the consumer protocol (KIP-848). */
final class ConsumerGroupsTest {

    /** The epoch of a group's first member. */
    private static final int FIRST = 2;

    private final ConsumerFixture consumers = new ConsumerFixture();

    @BeforeEach
    void createTopics() {
        consumers.topic("orders", 4);
    }

    private String state() {
        return consumers.describe().groupState();
    }

    private void advance(long millis) {
        consumers.groups.time.advance(Duration.ofMillis(millis));
    }

    @Test
    void theFirstMemberHasEverythingAtOnce() {
        var one = consumers.client("one", "orders");

        assertThat(one.join()).isEqualTo(ErrorCode.NONE);

        assertThat(one.epoch).isEqualTo(FIRST);
        assertThat(one.count()).isEqualTo(4);
        assertThat(state()).isEqualTo("Stable");
    }

    @Test
    void theSecondGetsNothingBeforeTheFirstHasGivenItUp() {
        var one = consumers.client("one", "orders");
        var two = consumers.client("two", "orders");
        one.join();

        two.join();
        assertThat(two.count()).isZero();
        one.beatSilently();
        assertThat(one.epoch).isEqualTo(FIRST);
        assertThat(one.count()).isEqualTo(2);
        two.beat();
        assertThat(two.count()).isZero();
        assertThat(state()).isEqualTo("Reconciling");
        one.beat();
        two.beat();

        assertThat(one.epoch).isEqualTo(FIRST + 1);
        assertThat(two.count()).isEqualTo(2);
        assertThat(two.used).doesNotContainAnyElementsOf(one.used);
        assertThat(state()).isEqualTo("Stable");
    }

    @Test
    void whoSaysNothingOfWhatItUsesHasNotGivenAnythingUp() {
        var one = consumers.client("one", "orders");
        var two = consumers.client("two", "orders");
        one.join();
        two.join();

        one.beatSilently();
        one.beatSilently();
        two.beat();

        assertThat(one.epoch).isEqualTo(FIRST);
        assertThat(two.count()).isZero();
    }

    @Test
    void whoHasYetToTakeWhatItWasGivenSaysSoBeforeOthersGetTheRest() {
        var one = consumers.client("one", "orders");
        var two = consumers.client("two", "orders");
        one.join();
        one.used.clear();
        two.join();

        one.beat();
        one.beatSilently();
        two.beat();
        assertThat(one.epoch).isEqualTo(FIRST);
        assertThat(two.count()).isZero();

        one.beat();
        two.beat();
        assertThat(one.epoch).isEqualTo(FIRST + 1);
        assertThat(two.count()).isEqualTo(2);
    }

    @Test
    void whoNeverTookWhatItIsToGiveUpNeedNotSaySoAgainWhereNothingIsLeft() {
        var notes = new ConsumerGroup.Notes();
        var given = new AssignedPartitions.Builder();
        given.add(new UUID(0, 1), 0, FIRST);
        var partitions = given.build();
        var has = MemberProgress.NEW.to(FIRST, MemberState.STABLE, partitions, AssignedPartitions.NONE);
        var givesUp = has.to(FIRST, MemberState.UNREVOKED_PARTITIONS, AssignedPartitions.NONE, partitions);
        var member = ConsumerMember.unheardOf("one");

        notes.note(member.with(has), AssignedPartitions.NONE);
        assertThat(notes.used("one")).isNull();

        notes.note(member.with(givesUp), AssignedPartitions.NONE);
        assertThat(notes.used("one")).isEqualTo(AssignedPartitions.NONE);
    }

    @Test
    void whatALeaverHadGoesToTheOthers() {
        var one = consumers.client("one", "orders");
        var two = consumers.client("two", "orders");
        one.join();
        two.join();

        assertThat(one.leave()).isEqualTo(ErrorCode.NONE);
        two.beat();

        assertThat(two.count()).isEqualTo(4);
        assertThat(one.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void whoIsSilentForTheSessionTimeoutIsOut() {
        var one = consumers.client("one", "orders");
        var two = consumers.client("two", "orders");
        one.join();
        two.join();
        advance(ConsumerFixture.SESSION_MILLIS - 1);
        two.beat();

        advance(1);
        two.beat();

        assertThat(two.count()).isEqualTo(4);
        assertThat(one.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void whoDoesNotGiveUpInTimeIsOut() {
        var one = consumers.client("one", "orders");
        var two = consumers.client("two", "orders");
        one.join();
        two.join();
        one.beatSilently();

        advance(ConsumerFixture.REBALANCE_MILLIS);
        two.beat();

        assertThat(one.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(two.count()).isEqualTo(4);
    }

    @Test
    void aGroupMaySetItsOwnSessionTimeout() {
        consumers.groups.image = consumers
                .image()
                .with(new ConfigImage(
                        ConfigResource.ofGroup(GROUP),
                        new TreeMap<>(Map.of(
                                "consumer.session.timeout.ms", "10000", "consumer.heartbeat.interval.ms", "1234"))));
        var one = consumers.client("one", "orders");

        assertThat(consumers.ask(one.joining().build()).heartbeatIntervalMillis())
                .isEqualTo(1234);
        advance(10_000);

        assertThat(state()).isEqualTo("Empty");
    }

    @Test
    void epochsThatAreNotTheMembersAreFenced() {
        var one = consumers.client("one", "orders");
        one.join();
        var two = consumers.client("two", "orders");
        two.join();
        one.beat();
        one.beat();

        assertThat(error(consumers.ask(one.request(FIRST + 2).build()))).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(error(consumers.ask(one.request(FIRST).build()))).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(error(consumers.ask(
                        one.request(FIRST).topicPartitions(one.usedPartitions()).build())))
                .as("the answer with the new epoch was lost")
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aStaticMemberThatComesBackHasWhatItHad() {
        var former = consumers.staticClient("former", "instance", "orders");
        former.join();
        var usurper = consumers.staticClient("usurper", "instance", "orders");
        assertThat(usurper.join()).isEqualTo(ErrorCode.UNRELEASED_INSTANCE_ID);

        assertThat(former.leaveForAWhile()).isEqualTo(ErrorCode.NONE);
        assertThat(usurper.join()).isEqualTo(ErrorCode.NONE);

        assertThat(usurper.epoch).isEqualTo(FIRST);
        assertThat(usurper.used).isEqualTo(former.used);
        assertThat(former.beat()).isEqualTo(ErrorCode.FENCED_INSTANCE_ID);
        assertThat(consumers.describe().members()).hasSize(1);
    }

    @Test
    void aStaticMemberThatDoesNotComeBackIsOutAfterItsSession() {
        var one = consumers.staticClient("one", "instance", "orders");
        one.join();
        one.leaveForAWhile();

        advance(ConsumerFixture.SESSION_MILLIS);

        assertThat(state()).isEqualTo("Empty");
    }

    @Test
    void topicsThatGrowComeAndGoAreAssignedAnew() {
        var one = consumers.client("one", "orders", "later");
        one.join();

        consumers.topic("orders", 6);
        one.beat();
        assertThat(one.count()).isEqualTo(6);
        consumers.topic("later", 1);
        one.beat();
        assertThat(one.count()).isEqualTo(7);
        consumers.deleteTopic("orders");
        one.beat();

        assertThat(one.used).containsExactly(id("later") + " 0");
    }

    @Test
    void aRegularExpressionFollowsTheTopicsThereAre() {
        consumers.topic("other", 1);
        var one = consumers.clientOf("ord.*");
        one.join();
        assertThat(one.count()).isEqualTo(4);

        consumers.topic("ordinary", 1);
        advance(RegexSubscriptions.REFRESH_MILLIS);
        one.beat();

        assertThat(one.count()).isEqualTo(5);
    }

    @Test
    void aRegularExpressionIsOneOfRe2() {
        assertThat(consumers.clientOf("(ord)\\1").join()).isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
        assertThat(consumers.clientOf("(").join()).isEqualTo(ErrorCode.INVALID_REGULAR_EXPRESSION);
        assertThat(consumers.describe().errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void aRegularExpressionNobodyUsesAnyMoreIsForgotten() {
        var one = consumers.clientOf("ord.*");
        one.join();
        one.leave();

        assertThat(consumers.groups.log.records().stream()
                        .filter(record -> record.value() == null)
                        .map(record -> record.key().getClass().getSimpleName()))
                .contains("ConsumerGroupRegularExpressionKey");
    }

    @Test
    void aMemberMaySubscribeToSomethingElse() {
        consumers.topic("other", 2);
        var one = consumers.client("one", "orders");
        one.join();

        one.take(consumers.ask(one.request(one.epoch)
                .subscribedTopicNames(List.of("other"))
                .topicPartitions(one.usedPartitions())
                .build()));
        one.beat();

        assertThat(one.used).containsExactly(id("other") + " 0", id("other") + " 1");
    }

    @Test
    void theAssignorIsTheOneMostMembersAskFor() {
        consumers.topic("payments", 3);
        consumers.topic("refunds", 3);
        var one = consumers.client("one", "payments", "refunds");
        one.take(consumers.ask(one.joining().serverAssignor("range").build()));
        var two = consumers.client("two", "payments", "refunds");
        two.join();
        one.beat();
        one.beat();
        two.beat();

        assertThat(consumers.describe().assignorName()).isEqualTo("range");
        assertThat(one.count()).isEqualTo(4);
        assertThat(two.used).containsExactlyInAnyOrder(id("payments") + " 2", id("refunds") + " 2");
        assertThat(error(consumers.ask(two.joining().serverAssignor("sticky").build())))
                .isEqualTo(ErrorCode.UNSUPPORTED_ASSIGNOR);
    }

    private ErrorCode commit(int epoch, int partition) {
        var request = OffsetCommitRequest.builder()
                .groupId(GROUP)
                .memberId("one")
                .generationIdOrMemberEpoch(epoch)
                .topics(List.of(OffsetCommitRequest.Topic.builder()
                        .name("orders")
                        .partitions(List.of(OffsetCommitRequest.Partition.builder()
                                .partitionIndex(partition)
                                .committedOffset(1)
                                .build()))
                        .build()))
                .build();
        var answer =
                consumers.groups.call(asked -> asked.commit(request, (short) 9)).join();
        return ErrorCode.forCode(answer.topics().get(0).partitions().get(0).errorCode())
                .orElseThrow();
    }

    @Test
    void anOldEpochMayCommitOnlyWhatItStillHas() {
        var one = consumers.client("one", "orders");
        one.join();
        assertThat(commit(FIRST, 3)).isEqualTo(ErrorCode.NONE);
        var two = consumers.client("two", "orders");
        two.join();
        one.beat();
        assertThat(commit(FIRST, 3)).as("while it is given up").isEqualTo(ErrorCode.NONE);
        one.beat();

        assertThat(commit(FIRST + 1, 0)).isEqualTo(ErrorCode.NONE);
        assertThat(commit(FIRST, 0)).as("assigned in epoch 1").isEqualTo(ErrorCode.NONE);
        assertThat(commit(FIRST, 3)).as("given up").isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(commit(FIRST + 2, 0)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(commit(-1, 0)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
    }

    @Test
    void offsetsAreToldToMembersInTheirEpochAndToTools() {
        var one = consumers.client("one", "orders");
        one.join();

        assertThat(fetch("one", FIRST)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch(null, -1)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch("one", FIRST + 1)).isEqualTo(ErrorCode.STALE_MEMBER_EPOCH);
        assertThat(fetch("nobody", FIRST)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    private ErrorCode fetch(@org.jspecify.annotations.Nullable String member, int epoch) {
        var request = OffsetFetchRequest.Group.builder()
                .groupId(GROUP)
                .memberId(member)
                .memberEpoch(epoch)
                .topics(null)
                .build();
        var answer = consumers.groups.call(asked -> asked.fetch(request)).join();
        return ErrorCode.forCode(answer.errorCode()).orElseThrow();
    }

    @Test
    void whatARestartFindsIsWhatThereWas() {
        var one = consumers.client("one", "orders");
        var two = consumers.client("two", "orders");
        one.join();
        two.join();
        one.beatSilently();
        var before = consumers.describe();

        consumers.groups.restart();

        assertThat(consumers.describe()).isEqualTo(before);
        one.beat();
        two.beat();
        assertThat(two.count()).isEqualTo(2);
    }

    @Test
    void aRestartGivesMembersTheirTimeAgain() {
        var one = consumers.client("one", "orders");
        var two = consumers.client("two", "orders");
        one.join();
        two.join();
        one.beatSilently();
        consumers.groups.restart();

        advance(ConsumerFixture.REBALANCE_MILLIS);
        assertThat(one.beat()).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        advance(ConsumerFixture.SESSION_MILLIS);

        assertThat(state()).isEqualTo("Empty");
    }

    @Test
    void anAnswerWaitsUntilWhatItSaysIsSafe() {
        consumers.groups.log.hold();
        var request = consumers.client("one", "orders").joining().build();

        var answer = consumers.groups.call(
                asked -> asked.consumerHeartbeat(request, new Caller("client", "/host", (short) 1)));
        assertThat(answer).isNotDone();
        consumers.groups.log.commitAll();

        assertThat(answer).isCompleted();
    }

    @Test
    void anEmptyGroupGoesWhenItsOffsetsHaveGone() {
        var one = consumers.client("one", "orders");
        one.join();
        one.leave();

        advance(Duration.ofMinutes(10).toMillis());

        assertThat(consumers.describe().errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
        consumers.groups.restart();
        assertThat(consumers.describe().errorCode()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void onlyAnEmptyGroupIsDeleted() {
        var one = consumers.client("one", "orders");
        one.join();
        assertThat(delete()).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        one.leave();

        assertThat(delete()).isEqualTo(ErrorCode.NONE);
        assertThat(delete()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    private ErrorCode delete() {
        var answer = consumers.groups.call(asked -> asked.deleteGroup(GROUP)).join();
        return ErrorCode.forCode(answer.errorCode()).orElseThrow();
    }

    @Test
    void anEmptyGroupIsOfWhateverProtocolTheNextMemberSpeaks() {
        var one = consumers.client("one", "orders");
        one.join();
        one.leave();

        var classic = consumers.groups.stableGroup(1).get(0);
        assertThat(one.join()).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        consumers.groups.leave(GroupFixture.member(classic.memberId(), null));
        assertThat(one.join()).isEqualTo(ErrorCode.NONE);

        consumers.groups.restart();
        assertThat(state()).isEqualTo("Stable");
    }

    @Test
    void groupsAreListedWithTheirType() {
        consumers.client("one", "orders").join();

        var listed = consumers
                .groups
                .call(asked -> asked.list(io.thalweg.protocol.message.ListGroupsRequest.builder()
                        .typesFilter(List.of("Consumer"))
                        .build()))
                .join()
                .groups();

        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).groupType()).isEqualTo("consumer");
        assertThat(listed.get(0).groupState()).isEqualTo("Stable");
    }

    @Test
    void aFullGroupTakesNobodyElse() {
        var defaults = GroupConfig.defaults();
        var full = new ConsumerFixture(new GroupConfig(
                defaults.initialRebalanceDelay(),
                defaults.sessions(),
                defaults.maxSize(),
                defaults.offsets(),
                new GroupConfig.Consumers(45_000, 5000, 1, List.of("uniform"), GroupConfig.Migration.BIDIRECTIONAL)));

        assertThat(full.client("one", "orders").join()).isEqualTo(ErrorCode.NONE);
        assertThat(full.client("two", "orders").join()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED);
    }
}
