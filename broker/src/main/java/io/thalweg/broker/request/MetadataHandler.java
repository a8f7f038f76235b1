package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.coordinator.controller.TopicNames;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Metadata, key 3, versions 0-13: the brokers, and topics with who leads their partitions.
 *
 * <p>Topics that do not exist are created if the broker's {@code auto.create.topics.enable} and the client allow it. The answer then waits
 * until they exist and lead, so that the client goes on with its first record at once instead of asking again.
 */
public final class MetadataHandler implements RequestHandler<MetadataRequest> {

    /** From this version on, null asks for all topics and an empty list for none. */
    private static final short NO_TOPICS_VERSION = 1;
    /** The first version in which topics may be asked for by id. */
    private static final short TOPIC_ID_VERSION = 12;

    private static final short FIRST_CLUSTER_OPERATIONS_VERSION = 8;
    private static final short LAST_CLUSTER_OPERATIONS_VERSION = 10;
    private static final short TOP_LEVEL_ERROR_VERSION = 13;

    private final ClusterView cluster;
    private final TopicCreation creation;
    private final boolean createsTopics;

    /**
     * A handler.
     *
     * @param createsTopics {@code auto.create.topics.enable}
     */
    public MetadataHandler(ClusterView cluster, ControllerChannel controller, boolean createsTopics) {
        this.cluster = cluster;
        this.creation = new TopicCreation(controller);
        this.createsTopics = createsTopics;
    }

    @Override
    public void handle(MetadataRequest request, Exchange exchange) {
        if (!isUsable(request, exchange.version())) {
            exchange.reply(refused(request, exchange.version()));
            return;
        }
        var missing = topicsToCreate(request, exchange);
        if (missing.isEmpty()) {
            exchange.reply(answer(request, exchange, new TreeMap<>()));
        } else {
            exchange.replyWhen(creation.create(missing).thenApply(refusals -> answer(request, exchange, refusals)));
        }
    }

    /** Versions 10 and 11 have ids and nullable names on the wire, and may not use them yet. */
    private static boolean isUsable(MetadataRequest request, short version) {
        return version >= TOPIC_ID_VERSION
                || request.topics() == null
                || request.topics().stream().allMatch(topic -> topic.name() != null && !MetadataTopics.isById(topic));
    }

    private static MetadataResponse refused(MetadataRequest request, short version) {
        var code = ErrorCode.INVALID_REQUEST.code();
        var topics = new ArrayList<MetadataResponse.Topic>();
        for (var topic : listed(request)) {
            var name = topic.name();
            topics.add(MetadataResponse.Topic.builder()
                    .errorCode(code)
                    .name(name == null ? "" : name)
                    .topicId(topic.topicId())
                    .build());
        }
        return MetadataResponse.builder()
                .topics(topics)
                .errorCode(version >= TOP_LEVEL_ERROR_VERSION ? code : 0)
                .build();
    }

    private static List<MetadataRequest.Topic> listed(MetadataRequest request) {
        var topics = request.topics();
        return topics == null ? List.of() : topics;
    }

    private static boolean wantsAll(MetadataRequest request, short version) {
        var topics = request.topics();
        return topics == null || (version < NO_TOPICS_VERSION && topics.isEmpty());
    }

    private Set<String> topicsToCreate(MetadataRequest request, Exchange exchange) {
        var missing = new TreeSet<String>();
        if (!createsTopics || !request.allowAutoTopicCreation() || wantsAll(request, exchange.version())) {
            return missing;
        }
        var image = cluster.image();
        for (var topic : listed(request)) {
            var name = topic.name();
            if (MetadataTopics.isById(topic)) {
                return Set.of();
            }
            if (name != null && image.topic(name).isEmpty() && mayBeCreated(name)) {
                missing.add(name);
            }
        }
        return missing;
    }

    private static boolean mayBeCreated(String name) {
        return TopicNames.isValid(name) && !InternalTopics.contains(name);
    }

    private MetadataResponse answer(MetadataRequest request, Exchange exchange, Map<String, ErrorCode> refusals) {
        var version = exchange.version();
        var rows = new MetadataTopics(ListenerView.of(cluster, exchange), version);
        var topics = wantsAll(request, version) ? rows.all() : rows.of(distinct(request), refusals);
        var view = rows.view();
        return MetadataResponse.builder()
                .brokers(brokers(view))
                .clusterId(view.image().cluster().id())
                .controllerId(view.controllerId(cluster))
                .topics(request.includeTopicAuthorizedOperations() ? withOperations(topics) : topics)
                .clusterAuthorizedOperations(
                        request.includeClusterAuthorizedOperations() && hasClusterOperations(version)
                                ? AuthorizedOperations.CLUSTER
                                : AuthorizedOperations.NOT_ASKED)
                .build();
    }

    private static Set<MetadataRequest.Topic> distinct(MetadataRequest request) {
        return new LinkedHashSet<>(listed(request));
    }

    private static boolean hasClusterOperations(short version) {
        return version >= FIRST_CLUSTER_OPERATIONS_VERSION && version <= LAST_CLUSTER_OPERATIONS_VERSION;
    }

    private static List<MetadataResponse.Topic> withOperations(List<MetadataResponse.Topic> topics) {
        return topics.stream()
                .map(topic -> topic.name() == null
                        ? topic
                        : topic.toBuilder()
                                .topicAuthorizedOperations(AuthorizedOperations.TOPIC)
                                .build())
                .toList();
    }

    private static List<MetadataResponse.Broker> brokers(ListenerView view) {
        return view.nodes().stream()
                .map(node -> MetadataResponse.Broker.builder()
                        .nodeId(node.id())
                        .host(node.endpoint().host())
                        .port(node.endpoint().port())
                        .rack(node.broker().rack())
                        .build())
                .toList();
    }
}
