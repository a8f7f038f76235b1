package io.thalweg.coordinator.group;

import static io.thalweg.coordinator.group.GroupFixture.GROUP;
import static io.thalweg.coordinator.group.GroupFixture.begin;
import static io.thalweg.coordinator.group.GroupFixture.commitOf;
import static io.thalweg.coordinator.group.GroupFixture.error;
import static io.thalweg.coordinator.group.GroupFixture.joinOf;
import static io.thalweg.coordinator.group.GroupFixture.member;
import static io.thalweg.coordinator.group.GroupFixture.protocol;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DeleteGroupsResponse;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetDeleteRequest;
import io.thalweg.protocol.message.OffsetDeleteResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Commits, fetches, deletions and expiry of offsets. */
final class OffsetsTest {

    private static final Duration RETENTION = GroupConfig.defaults().offsets().retention();

    private final GroupFixture groups = new GroupFixture();

    @Test
    void whatWasCommittedIsFetched() {
        groups.commit("topic", 42);

        var row = groups.fetch("topic").join().topics().get(0).partitions().get(0);

        assertThat(row.committedOffset()).isEqualTo(42);
        assertThat(row.committedLeaderEpoch()).isEqualTo(4);
        assertThat(row.metadata()).isEqualTo("note");
    }

    @Test
    void whereNothingWasCommittedThereIsNoOffset() {
        var row = groups.fetch("topic").join().topics().get(0).partitions().get(0);

        assertThat(row.committedOffset()).isEqualTo(-1);
        assertThat(row.metadata()).isEmpty();
        assertThat(row.errorCode()).isZero();
    }

    @Test
    void aCommitIsAnsweredAndShownOnceItIsSafe() {
        groups.commit("topic", 1);
        groups.log.hold();

        var commit = groups.commit(commitOf("", -1, "topic", 2));
        var fetch = groups.fetch("topic");
        assertThat(commit).isNotDone();
        assertThat(fetch).isNotDone();
        groups.log.commitAll();

        assertThat(commit).isDone();
        assertThat(fetch.join().topics().get(0).partitions().get(0).committedOffset())
                .isEqualTo(2);
    }

    @Test
    void aCommitThatIsNotSafeIsRefusedAndNotShown() {
        groups.log.hold();
        var commit = groups.commit(commitOf("", -1, "topic", 2));
        var fetch = groups.fetch("topic");

        groups.log.failAll(ErrorCode.NOT_COORDINATOR);

        assertThat(commit.join().topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.NOT_COORDINATOR.code());
        assertThat(error(fetch.join().errorCode())).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void aCommitThatWasSafeTooLateIsShownThen() {
        groups.log.hold();
        begin(groups.commit(commitOf("", -1, "topic", 2)));
        groups.log.failAll(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(error(groups.fetch("topic").join().errorCode())).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);

        groups.log.catchUp();

        assertThat(groups.offset("topic")).isEqualTo(2);
    }

    @Test
    void allOffsetsCanBeAskedFor() {
        groups.commit("b", 1);
        groups.commit("a", 2);

        var all = groups.call(asked -> asked.fetch(
                OffsetFetchRequest.Group.builder().groupId(GROUP).topics(null).build()));

        assertThat(all.join().topics()).extracting(topic -> topic.name()).containsExactly("a", "b");
    }

    @Test
    void anOffsetOfAnotherIncarnationOfTheTopicIsNotShown() {
        var committed = commitOf("", -1, "topic", 5);
        var withId = committed.toBuilder()
                .topics(List.of(committed.topics().get(0).toBuilder()
                        .topicId(new UUID(1, 1))
                        .build()))
                .build();
        begin(groups.commit(withId));
        groups.restart();

        assertThat(offsetById(new UUID(1, 1))).isEqualTo(5);
        assertThat(offsetById(new UUID(2, 2))).isEqualTo(-1);
        assertThat(groups.offset("topic")).isEqualTo(5);
    }

    private long offsetById(UUID id) {
        var request = OffsetFetchRequest.Group.builder()
                .groupId(GROUP)
                .topics(List.of(OffsetFetchRequest.GroupTopic.builder()
                        .name("topic")
                        .topicId(id)
                        .partitionIndexes(List.of(0))
                        .build()))
                .build();
        var answer = groups.call(asked -> asked.fetch(request)).join();
        return answer.topics().get(0).partitions().get(0).committedOffset();
    }

    @Test
    void onlyMembersOfTheGenerationCommit() {
        var joined = groups.stableGroup(1).get(0);

        assertThat(groups.commitError(commitOf(joined.memberId(), 1, "topic", 1)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(groups.commitError(commitOf(joined.memberId(), 0, "topic", 1)))
                .isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        assertThat(groups.commitError(commitOf("nobody", 1, "topic", 1))).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(groups.commit("topic", 1)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void membersCommitWhileTheyRebalanceAndNotBetweenGenerationAndAssignment() {
        var joined = groups.stableGroup(1).get(0);
        begin(groups.join(joinOf(""), 3));
        assertThat(groups.commitError(commitOf(joined.memberId(), 1, "topic", 1)))
                .isEqualTo(ErrorCode.NONE);

        begin(groups.join(joinOf(joined.memberId())));

        assertThat(groups.commitError(commitOf(joined.memberId(), 2, "topic", 1)))
                .isEqualTo(ErrorCode.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aGenerationOfAnUnknownGroupIsStale() {
        var request = commitOf("nobody", 3, "topic", 1);

        assertThat(groups.commitError(request)).isEqualTo(ErrorCode.ILLEGAL_GENERATION);
        var later = groups.call(asked -> asked.commit(request, (short) 9)).join();
        assertThat(later.topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void textsTooLongAreRefusedOneByOne() {
        var fits = commitOf("", -1, "fits", 1);
        var topic = commitOf("", -1, "topic", 1).topics().get(0);
        var partition = topic.partitions().get(0).toBuilder()
                .committedMetadata("é".repeat(2049))
                .build();
        var request = fits.toBuilder()
                .topics(List.of(
                        fits.topics().get(0),
                        topic.toBuilder().partitions(List.of(partition)).build()))
                .build();

        var answer = groups.commit(request).join();

        assertThat(answer.topics().get(0).partitions().get(0).errorCode()).isZero();
        assertThat(answer.topics().get(1).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.OFFSET_METADATA_TOO_LARGE.code());
        assertThat(groups.offset("fits")).isEqualTo(1);
        assertThat(groups.offset("topic")).isEqualTo(-1);
    }

    @Test
    void offsetsSurvive() {
        groups.commit("topic", 42);

        groups.restart();

        assertThat(groups.offset("topic")).isEqualTo(42);
        assertThat(groups.state()).isEqualTo("Empty");
    }

    @Test
    void anEmptyGroupIsDeletedWithItsOffsets() {
        var joined = groups.stableGroup(1).get(0);
        groups.commitError(commitOf(joined.memberId(), 1, "topic", 1));
        assertThat(deleteGroup(GROUP)).isEqualTo(ErrorCode.NON_EMPTY_GROUP);
        groups.leave(member(joined.memberId(), null));

        assertThat(deleteGroup(GROUP)).isEqualTo(ErrorCode.NONE);

        groups.restart();
        assertThat(groups.offset("topic")).isEqualTo(-1);
        assertThat(groups.state()).isEqualTo("Dead");
        assertThat(deleteGroup(GROUP)).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
        assertThat(deleteGroup("")).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    private ErrorCode deleteGroup(String id) {
        DeleteGroupsResponse.Result result =
                groups.call(asked -> asked.deleteGroup(id)).join();
        return error(result.errorCode());
    }

    @Test
    void offsetsOfTopicsThatMembersConsumeAreNotDeleted() {
        var request = joinOf("").toBuilder()
                .protocols(List.of(protocol("range", "\0\0\0\0\0\1\0\5topic")))
                .build();
        var joined = groups.join(request, 3);
        groups.time.advance(GroupConfig.defaults().initialRebalanceDelay());
        begin(groups.sync(joined.join(), GroupFixture.assign(joined.join(), "all")));
        groups.commitError(commitOf(joined.join().memberId(), 1, "topic", 1));
        groups.commitError(commitOf(joined.join().memberId(), 1, "other", 2));

        assertThat(deleteOffset("topic").topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC.code());
        assertThat(deleteOffset("other").topics().get(0).partitions().get(0).errorCode())
                .isZero();
        assertThat(groups.offset("topic")).isEqualTo(1);
        assertThat(groups.offset("other")).isEqualTo(-1);
    }

    @Test
    void offsetsOfAnUnknownGroupAreNotDeleted() {
        assertThat(error(deleteOffset("topic").errorCode())).isEqualTo(ErrorCode.GROUP_ID_NOT_FOUND);
    }

    private OffsetDeleteResponse deleteOffset(String topic) {
        var request = OffsetDeleteRequest.builder()
                .groupId(GROUP)
                .topics(List.of(new OffsetDeleteRequest.Topic(topic, List.of(new OffsetDeleteRequest.Partition(0)))))
                .build();
        return groups.call(asked -> asked.deleteOffsets(request)).join();
    }

    @Test
    void theOffsetsOfADeletedTopicAreGone() {
        groups.commit("topic", 1);
        groups.commit("other", 2);

        groups.get(asked -> {
            asked.topicDeleted("topic");
            return true;
        });

        groups.restart();
        assertThat(groups.offset("topic")).isEqualTo(-1);
        assertThat(groups.offset("other")).isEqualTo(2);
    }

    @Test
    void offsetsThatNobodyWantedForLongAreForgotten() {
        groups.commit("topic", 1);

        groups.time.advance(RETENTION.minusMinutes(11));
        assertThat(groups.offset("topic")).isEqualTo(1);
        groups.time.advance(Duration.ofMinutes(21));

        assertThat(groups.offset("topic")).isEqualTo(-1);
        assertThat(groups.state()).isEqualTo("Dead");
    }

    @Test
    void whileItHasMembersAGroupKeepsItsOffsets() {
        var joined = groups.stableGroup(1).get(0);
        groups.commitError(commitOf(joined.memberId(), 1, "topic", 1));
        for (var waited = Duration.ZERO;
                waited.compareTo(RETENTION.multipliedBy(2)) < 0;
                waited = waited.plusSeconds(9)) {
            groups.heartbeat(joined);
            groups.time.advance(Duration.ofSeconds(9));
        }
        assertThat(groups.offset("topic")).isEqualTo(1);

        groups.leave(member(joined.memberId(), null));
        groups.time.advance(RETENTION.minusMinutes(11));
        assertThat(groups.offset("topic")).isEqualTo(1);
        groups.time.advance(Duration.ofMinutes(21));

        assertThat(groups.offset("topic")).isEqualTo(-1);
    }

    @Test
    void anOffsetMayComeWithItsOwnTimeOfExpiry() {
        OffsetCommitRequest request = commitOf("", -1, "topic", 1).toBuilder()
                .retentionTimeMillis(Duration.ofHours(1).toMillis())
                .build();
        begin(groups.commit(request));
        groups.restart();

        groups.time.advance(Duration.ofMinutes(50));
        assertThat(groups.offset("topic")).isEqualTo(1);
        groups.time.advance(Duration.ofMinutes(20));

        assertThat(groups.offset("topic")).isEqualTo(-1);
    }
}
