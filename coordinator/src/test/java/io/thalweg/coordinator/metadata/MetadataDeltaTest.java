package io.thalweg.coordinator.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class MetadataDeltaTest {

    private static final PartitionImage ZERO = PartitionImage.created(0, List.of(1), List.of(1));
    private static final PartitionImage ONE = PartitionImage.created(1, List.of(1), List.of(1));
    private static final TopicImage ORDERS =
            TopicImage.of("orders", new UUID(1, 1)).with(ZERO);
    private static final TopicImage USERS =
            TopicImage.of("users", new UUID(1, 2)).with(ZERO);
    private static final MetadataImage IMAGE =
            MetadataImage.EMPTY.with(ORDERS).with(USERS).with(broker(1, 0));

    private static BrokerImage broker(int id, long epoch) {
        return new BrokerImage(id, new UUID(7, id), epoch, List.of(), List.of(), null, false);
    }

    private static ConfigImage config(String topic, String name, String value) {
        return new ConfigImage(ConfigResource.ofTopic(topic), new TreeMap<>(Map.of(name, value)));
    }

    @Test
    void sameImageHasNoDifference() {
        var delta = IMAGE.since(IMAGE);

        assertThat(delta.topics().isEmpty()).isTrue();
        assertThat(delta.brokers()).isEmpty();
        assertThat(delta.configs()).isEmpty();
    }

    @Test
    void firstImageCreatesEverything() {
        var delta = IMAGE.since(MetadataImage.EMPTY);

        assertThat(delta.topics().created()).containsExactly(ORDERS, USERS);
        assertThat(delta.topics().partitions()).isEmpty();
        assertThat(delta.brokers()).containsExactly(1);
    }

    @Test
    void topicsCreatedAndDeletedAreTold() {
        var logs = TopicImage.of("logs", new UUID(1, 3)).with(ZERO);

        var delta = IMAGE.without(USERS).with(logs).since(IMAGE);

        assertThat(delta.topics()).isEqualTo(new TopicsDelta(List.of(logs), List.of(USERS), List.of()));
        assertThat(delta.before()).isEqualTo(IMAGE);
        assertThat(delta.after().topics()).containsExactly(logs, ORDERS);
    }

    @Test
    void topicCreatedAgainUnderItsNameIsAnotherTopic() {
        var again = TopicImage.of("users", new UUID(1, 9)).with(ZERO);

        var delta = IMAGE.without(USERS).with(again).since(IMAGE);

        assertThat(delta.topics()).isEqualTo(new TopicsDelta(List.of(again), List.of(USERS), List.of()));
        assertThat(delta.after().topic(USERS.id())).isEmpty();
        assertThat(delta.after().topic(again.id())).contains(again);
    }

    @Test
    void partitionsAddedAndChangedAreToldWithWhatTheyWere() {
        var led = ZERO.ledAgain();
        var changed = ORDERS.with(led).with(ONE);

        var delta = IMAGE.with(changed).since(IMAGE);

        assertThat(delta.topics().created()).isEmpty();
        assertThat(delta.topics().partitions())
                .containsExactly(new PartitionChange(changed, ZERO, led), new PartitionChange(changed, null, ONE));
    }

    @Test
    void topicThatWasReplacedByAnEqualOneDidNotChange() {
        var same = TopicImage.of("orders", ORDERS.id()).with(PartitionImage.created(0, List.of(1), List.of(1)));

        assertThat(IMAGE.with(same).since(IMAGE).topics().isEmpty()).isTrue();
    }

    @Test
    void configsAndBrokersThatChangedAreNamed() {
        var next = IMAGE.with(config("users", "retention.ms", "5"))
                .with(broker(1, 1))
                .with(broker(2, 2));

        var delta = next.since(IMAGE);

        assertThat(delta.configs()).containsExactly(ConfigResource.ofTopic("users"));
        assertThat(delta.brokers()).containsExactly(1, 2);
    }

    @Test
    void configsOfADeletedTopicGoWithIt() {
        var configured = IMAGE.with(config("users", "retention.ms", "5"));

        var delta = configured.without(USERS).since(configured);

        assertThat(delta.after().configs()).isEmpty();
        assertThat(delta.configs()).containsExactly(ConfigResource.ofTopic("users"));
    }

    @Test
    void iterationIsInTheOrderOfNamesAndNumbers() {
        var image = MetadataImage.EMPTY
                .with(USERS)
                .with(broker(11, 0))
                .with(ORDERS.with(ONE))
                .with(broker(2, 0))
                .with(config("users", "b", "1"))
                .with(config("orders", "a", "1"));

        assertThat(image.topics()).extracting(TopicImage::name).containsExactly("orders", "users");
        assertThat(image.topic("orders").orElseThrow().partitions()).containsExactly(ZERO, ONE);
        assertThat(image.brokers()).extracting(BrokerImage::id).containsExactly(2, 11);
        assertThat(image.configs())
                .extracting(config -> config.resource().name())
                .containsExactly("orders", "users");
    }

    @Test
    void partitionsAreNumberedWithoutAGap() {
        assertThatThrownBy(() -> ORDERS.with(PartitionImage.created(2, List.of(1), List.of(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("partition orders-2 would leave a gap after 1 partitions");
    }

    @Test
    void leaderMustBeInSync() {
        assertThatThrownBy(() -> new PartitionImage(0, List.of(1, 2), List.of(1), 2, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PartitionImage(0, List.of(1, 2), List.of(), PartitionImage.NO_LEADER, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PartitionImage(0, List.of(1), List.of(1, 2), 1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
