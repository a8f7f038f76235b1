package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.message.AllocateProducerIdsRequest;
import io.thalweg.protocol.message.AlterConfigsRequest;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerRegistrationRequest;
import io.thalweg.protocol.message.CreatePartitionsRequest;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/** Requests of all kinds, most of them sensible, drawn from a seed. */
final class RandomRequests {

    private static final List<String> NAMES =
            List.of("a", "b.c", "b_c", "orders", "users", "bad name", "x".repeat(250));
    private static final List<String> CONFIGS = List.of("retention.ms", "cleanup.policy", "low", "high", "nope");
    private static final List<String> VALUES = List.of("1", "5", "12", "compact", "delete,compact", "");
    private static final int BROKERS = 4;

    private final Random random;

    RandomRequests(Random random) {
        this.random = random;
    }

    RequestMessage next(MetadataImage image) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> createTopics();
            case 3 -> deleteTopics(image);
            case 4 -> createPartitions();
            case 5 -> incrementalAlterConfigs();
            case 6 -> alterConfigs();
            case 7 -> new AllocateProducerIdsRequest(broker(), epoch(image, broker()));
            case 8 -> register();
            default -> heartbeat(image);
        };
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private int broker() {
        return 1 + random.nextInt(BROKERS);
    }

    private static long epoch(MetadataImage image, int broker) {
        return image.broker(broker).map(found -> found.epoch()).orElse(-1L);
    }

    private CreateTopicsRequest createTopics() {
        var topics =
                IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> topic()).toList();
        return CreateTopicsRequest.builder()
                .topics(topics)
                .validateOnly(random.nextInt(10) == 0)
                .build();
    }

    private CreateTopicsRequest.Topic topic() {
        var topic = CreateTopicsRequest.Topic.builder().name(name());
        if (random.nextInt(4) == 0) {
            var assignments = IntStream.range(0, 1 + random.nextInt(3))
                    .mapToObj(i -> new CreateTopicsRequest.Assignment(i, List.of(broker(), broker())))
                    .toList();
            topic.numPartitions(-1).replicationFactor((short) -1).assignments(assignments);
        } else {
            topic.numPartitions(random.nextInt(5) - 1).replicationFactor((short) (random.nextInt(4) - 1));
        }
        if (random.nextInt(3) == 0) {
            topic.configs(List.of(new CreateTopicsRequest.Config(config(), value())));
        }
        return topic.build();
    }

    private String config() {
        return CONFIGS.get(random.nextInt(CONFIGS.size()));
    }

    private String value() {
        return VALUES.get(random.nextInt(VALUES.size()));
    }

    private DeleteTopicsRequest deleteTopics(MetadataImage image) {
        if (random.nextBoolean()) {
            return DeleteTopicsRequest.builder()
                    .topicNames(List.of(name(), name()))
                    .build();
        }
        var id = image.topics().stream().findFirst().map(TopicImage::id).orElse(new UUID(1, 1));
        return DeleteTopicsRequest.builder()
                .topics(List.of(new DeleteTopicsRequest.Topic(null, id)))
                .build();
    }

    private CreatePartitionsRequest createPartitions() {
        return CreatePartitionsRequest.builder()
                .topics(List.of(
                        new CreatePartitionsRequest.Topic(name(), random.nextInt(12), null),
                        new CreatePartitionsRequest.Topic(name(), random.nextInt(12), null)))
                .build();
    }

    private IncrementalAlterConfigsRequest incrementalAlterConfigs() {
        var isTopic = random.nextBoolean();
        var changes = List.of(
                new IncrementalAlterConfigsRequest.Config(
                        isTopic ? config() : "threads", (byte) random.nextInt(4), value()),
                new IncrementalAlterConfigsRequest.Config(config(), (byte) 1, null));
        var resource = new IncrementalAlterConfigsRequest.Resource(
                (byte) (isTopic ? 2 : 4), isTopic ? name() : Integer.toString(broker()), changes);
        return IncrementalAlterConfigsRequest.builder()
                .resources(List.of(resource))
                .build();
    }

    private AlterConfigsRequest alterConfigs() {
        var resource = new AlterConfigsRequest.Resource(
                (byte) 2, name(), List.of(new AlterConfigsRequest.Config(config(), value())));
        return AlterConfigsRequest.builder().resources(List.of(resource)).build();
    }

    private BrokerRegistrationRequest register() {
        return BrokerRegistrationRequest.builder()
                .brokerId(broker())
                .clusterId("cluster")
                .incarnationId(new UUID(7, random.nextInt(3)))
                .listeners(List.of(new BrokerRegistrationRequest.Listener("PLAINTEXT", "localhost", 9092, (short) 0)))
                .rack(random.nextBoolean() ? "r1" : null)
                .build();
    }

    private BrokerHeartbeatRequest heartbeat(MetadataImage image) {
        int broker = broker();
        return BrokerHeartbeatRequest.builder()
                .brokerId(broker)
                .brokerEpoch(epoch(image, broker))
                .wantFence(random.nextInt(3) == 0)
                .build();
    }
}
