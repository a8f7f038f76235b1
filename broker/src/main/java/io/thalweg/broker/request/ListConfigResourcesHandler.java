package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ListConfigResourcesRequest;
import io.thalweg.protocol.message.ListConfigResourcesResponse;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** ListConfigResources, key 74, versions 0-1: what can be configured; of groups and client metrics those that are. */
public final class ListConfigResourcesHandler implements RequestHandler<ListConfigResourcesRequest> {

    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;
    private static final byte CLIENT_METRICS = 16;
    private static final byte GROUP = 32;
    private static final List<Byte> ALL = List.of(TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP);

    private final ClusterView cluster;

    public ListConfigResourcesHandler(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public void handle(ListConfigResourcesRequest request, Exchange exchange) {
        var asked = exchange.version() == 0
                ? List.of(CLIENT_METRICS)
                : request.resourceTypes().isEmpty() ? ALL : request.resourceTypes();
        if (!Set.copyOf(ALL).containsAll(asked)) {
            exchange.reply(ListConfigResourcesResponse.builder()
                    .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                    .build());
            return;
        }
        var image = cluster.image();
        exchange.reply(ListConfigResourcesResponse.builder()
                .configResources(asked.stream()
                        .distinct()
                        .flatMap(type -> names(type, image)
                                .map(name -> new ListConfigResourcesResponse.ConfigResource(name, type)))
                        .toList())
                .build());
    }

    private static Stream<String> names(byte type, MetadataImage image) {
        return switch (type) {
            case TOPIC -> image.topics().stream().map(topic -> topic.name());
            case BROKER, BROKER_LOGGER -> image.brokers().stream().map(broker -> Integer.toString(broker.id()));
            case CLIENT_METRICS -> configured(ConfigResource.Type.CLIENT_METRICS, image);
            default -> configured(ConfigResource.Type.GROUP, image);
        };
    }

    private static Stream<String> configured(ConfigResource.Type type, MetadataImage image) {
        return image.configs().stream()
                .map(config -> config.resource())
                .filter(resource -> resource.type() == type)
                .map(ConfigResource::name);
    }
}
