package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeTopicPartitionsRequest;
import io.thalweg.protocol.message.DescribeTopicPartitionsResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DescribeTopicPartitionsHandlerTest {

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();

    @BeforeEach
    void createTopics() {
        broker.createTopic("banana", 3);
        broker.createTopic("apple", 2);
        broker.createTopic("cherry", 1);
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void topicsComeByName() {
        var answer = ask(List.of("cherry", "apple", "nowhere"), 100, null);

        assertThat(answer.topics())
                .extracting(DescribeTopicPartitionsResponse.Topic::name)
                .containsExactly("apple", "cherry", "nowhere");
        assertThat(answer.topics())
                .extracting(DescribeTopicPartitionsResponse.Topic::errorCode)
                .containsExactly((short) 0, (short) 0, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(answer.topics().get(0).topicAuthorizedOperations()).isEqualTo(3576);
        assertThat(answer.nextCursor()).isNull();
    }

    @Test
    void partitionsAreDescribed() {
        var partition =
                ask(List.of("cherry"), 100, null).topics().get(0).partitions().get(0);

        assertThat(partition.leaderId()).isEqualTo(1);
        assertThat(partition.leaderEpoch()).isZero();
        assertThat(partition.replicaNodes()).containsExactly(1);
        assertThat(partition.isrNodes()).containsExactly(1);
        assertThat(partition.eligibleLeaderReplicas()).isEmpty();
        assertThat(partition.offlineReplicas()).isEmpty();
    }

    @Test
    void anImpossibleNameIsSaidToBeOne() {
        assertThat(ask(List.of("no good"), 100, null).topics().get(0).errorCode())
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void noNamesAskForAll() {
        assertThat(ask(List.of(), 100, null).topics()).hasSize(3);
    }

    @Test
    void pagesFollowEachOtherWithoutGapOrOverlap() {
        for (var limit = 1; limit <= 7; limit++) {
            var seen = new ArrayList<String>();
            DescribeTopicPartitionsRequest.Cursor cursor = null;
            do {
                var page = ask(List.of(), limit, cursor);
                var found = describe(page);
                assertThat(found.size()).isBetween(1, limit);
                seen.addAll(found);
                cursor = next(page);
            } while (cursor != null);

            assertThat(seen)
                    .as("pages of " + limit)
                    .containsExactly("apple-0", "apple-1", "banana-0", "banana-1", "banana-2", "cherry-0");
        }
    }

    @Test
    void aPageHasAtLeastOnePartition() {
        assertThat(describe(ask(List.of(), 0, null))).containsExactly("apple-0");
        assertThat(describe(ask(List.of(), -5, null))).containsExactly("apple-0");
    }

    @Test
    void aCursorPointsAtATopicThatIsAskedFor() {
        var answer = ask(List.of("cherry"), 10, cursor("banana", 0));

        assertThat(answer.topics()).hasSize(1);
        assertThat(answer.topics().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void aCursorAtADeletedTopicGoesOnBehindIt() {
        assertThat(describe(ask(List.of(), 10, cursor("blueberry", 2)))).containsExactly("cherry-0");
    }

    @Test
    void aCursorBelow0IsRefused() {
        assertThat(ask(List.of("banana"), 10, cursor("banana", -1))
                        .topics()
                        .get(0)
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void aCursorBehindTheLastPartitionFindsNone() {
        var answer = ask(List.of("banana"), 10, cursor("banana", 9));

        assertThat(answer.topics().get(0).errorCode()).isZero();
        assertThat(answer.topics().get(0).partitions()).isEmpty();
        assertThat(answer.nextCursor()).isNull();
    }

    private DescribeTopicPartitionsResponse ask(
            List<String> names, int limit, DescribeTopicPartitionsRequest.@Nullable Cursor cursor) {
        var request = DescribeTopicPartitionsRequest.builder()
                .topics(names.stream()
                        .map(name -> DescribeTopicPartitionsRequest.Topic.builder()
                                .name(name)
                                .build())
                        .toList())
                .responsePartitionLimit(limit)
                .cursor(cursor)
                .build();
        return client.call(request, 0, DescribeTopicPartitionsResponse.class);
    }

    private static DescribeTopicPartitionsRequest.Cursor cursor(String topic, int partition) {
        return new DescribeTopicPartitionsRequest.Cursor(topic, partition);
    }

    private static DescribeTopicPartitionsRequest.@Nullable Cursor next(DescribeTopicPartitionsResponse answer) {
        var next = answer.nextCursor();
        return next == null ? null : cursor(next.topicName(), next.partitionIndex());
    }

    private static List<String> describe(DescribeTopicPartitionsResponse answer) {
        return answer.topics().stream()
                .flatMap(topic ->
                        topic.partitions().stream().map(partition -> topic.name() + "-" + partition.partitionIndex()))
                .toList();
    }
}
