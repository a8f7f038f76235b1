package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreatePartitionsRequest;
import io.thalweg.protocol.message.CreatePartitionsResponse;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsResponse;
import io.thalweg.protocol.message.MetadataRequest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MutationsTest {

    private static final int MANY = 2_000_000_000;

    private final FakeCluster cluster = new FakeCluster();

    private long countCreated(int asked, boolean validateOnly, CreateTopicsResponse.Topic... rows) {
        var topics = Stream.of(rows)
                .map(row -> CreateTopicsRequest.Topic.builder()
                        .name(row.name())
                        .numPartitions(asked)
                        .build())
                .toList();
        var request = CreateTopicsRequest.builder()
                .topics(topics)
                .validateOnly(validateOnly)
                .build();
        return new Mutations(request, cluster.image())
                .countIn(CreateTopicsResponse.builder().topics(List.of(rows)).build());
    }

    private static CreateTopicsResponse.Topic row(String name, ErrorCode code, int partitions) {
        return CreateTopicsResponse.Topic.builder()
                .name(name)
                .errorCode(code.code())
                .numPartitions(partitions)
                .build();
    }

    @Test
    void whatWasCreatedCountsAndNotWhatWasAskedFor() {
        assertThat(countCreated(-1, false, row("orders", ErrorCode.NONE, 3))).isEqualTo(3);
        assertThat(countCreated(MANY, false, row("orders", ErrorCode.INVALID_PARTITIONS, -1)))
                .isZero();
        assertThat(countCreated(3, true, row("orders", ErrorCode.NONE, 3))).isZero();
    }

    @Test
    void manyAreNotFewerThanNone() {
        var count = countCreated(MANY, false, row("one", ErrorCode.NONE, MANY), row("other", ErrorCode.NONE, MANY));

        assertThat(count).isEqualTo(2L * MANY);
    }

    @Test
    void partitionsThatWereThereBeforeDoNotCount() {
        cluster.createTopic("orders", FakeCluster.id(4), 1, 1);
        var topics = Stream.of("orders", "refused")
                .map(name -> CreatePartitionsRequest.Topic.builder()
                        .name(name)
                        .count(7)
                        .build())
                .toList();
        var mutations =
                new Mutations(CreatePartitionsRequest.builder().topics(topics).build(), cluster.image());

        var count = mutations.countIn(CreatePartitionsResponse.builder()
                .results(List.of(
                        CreatePartitionsResponse.Topic.builder().name("orders").build(),
                        CreatePartitionsResponse.Topic.builder()
                                .name("refused")
                                .errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code())
                                .build()))
                .build());

        assertThat(count).isEqualTo(5);
    }

    @Test
    void deletedTopicsHadThePartitionsThatTheyHadBefore() {
        cluster.createTopic("orders", FakeCluster.id(4), 1, 1);
        cluster.createTopic("flights", FakeCluster.id(5), 1, 1, 1);
        cluster.createTopic("kept", FakeCluster.id(6), 1, 1, 1, 1);
        var mutations = new Mutations(DeleteTopicsRequest.builder().build(), cluster.image());

        var count = mutations.countIn(DeleteTopicsResponse.builder()
                .responses(List.of(
                        DeleteTopicsResponse.Topic.builder().name("orders").build(),
                        DeleteTopicsResponse.Topic.builder()
                                .name(null)
                                .topicId(FakeCluster.id(5))
                                .build(),
                        DeleteTopicsResponse.Topic.builder()
                                .name("kept")
                                .errorCode(ErrorCode.TOPIC_DELETION_DISABLED.code())
                                .build()))
                .build());

        assertThat(count).isEqualTo(5);
    }

    @Test
    void otherRequestsCountForNothing() {
        var mutations = new Mutations(MetadataRequest.builder().build(), cluster.image());

        assertThat(mutations.countIn(null)).isZero();
    }
}
