package io.thalweg.broker.request;

import io.thalweg.broker.config.BrokerLayers;
import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.config.ConfigEntry;
import io.thalweg.broker.config.DescribedConfigs;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.controller.TopicNames;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeConfigsRequest;
import io.thalweg.protocol.message.DescribeConfigsResponse;
import io.thalweg.spi.config.ConfigValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DescribeConfigs, key 32, versions 1-4: every setting of a topic, a broker, all brokers, a group or a client metrics subscription, with
 * its value and where that comes from.
 */
public final class DescribeConfigsHandler implements RequestHandler<DescribeConfigsRequest> {

    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte BROKER_LOGGER = 8;
    private static final byte CLIENT_METRICS = 16;
    private static final byte GROUP = 32;

    private final ClusterView cluster;
    private final ConfigCatalog brokers;
    private final ConfigValues fixed;
    private final ConfigCatalog topics = ConfigCatalog.ofTopic();
    private final ConfigCatalog groups = ConfigCatalog.ofGroup();
    private final ConfigCatalog clientMetrics = ConfigCatalog.ofClientMetrics();

    /**
     * A handler.
     *
     * @param brokers what can be set for a broker
     * @param fixed what was set when this broker was started
     */
    public DescribeConfigsHandler(ClusterView cluster, ConfigCatalog brokers, ConfigValues fixed) {
        this.cluster = cluster;
        this.brokers = brokers;
        this.fixed = fixed;
    }

    /** What there is to tell of a resource; the entries are empty on error. */
    private record Outcome(ErrorCode error, @Nullable String message, List<ConfigEntry> entries) {

        static Outcome found(List<ConfigEntry> entries) {
            return new Outcome(ErrorCode.NONE, null, entries);
        }

        static Outcome refused(ErrorCode error, String message) {
            return new Outcome(error, message, List.of());
        }
    }

    @Override
    public void handle(DescribeConfigsRequest request, Exchange exchange) {
        var image = cluster.image();
        exchange.reply(DescribeConfigsResponse.builder()
                .results(request.resources().stream()
                        .map(asked -> result(asked, find(asked, image), request))
                        .toList())
                .build());
    }

    private Outcome find(DescribeConfigsRequest.Resource asked, MetadataImage image) {
        var name = asked.resourceName();
        var described = new DescribedConfigs(brokers, layers(image));
        return switch (asked.resourceType()) {
            case TOPIC -> topic(name, image, described);
            case BROKER -> name.isEmpty() ? Outcome.found(described.cluster()) : broker(name, described);
            case BROKER_LOGGER -> refused("the log levels of broker '" + name + "' cannot be described");
            case CLIENT_METRICS ->
                name.isEmpty()
                        ? refused("a client metrics subscription needs a name")
                        : Outcome.found(described.clientMetrics(
                                clientMetrics, ConfigValues.of(image.configs(ConfigResource.ofClientMetrics(name)))));
            case GROUP ->
                name.isEmpty()
                        ? refused("a group needs a name")
                        : Outcome.found(
                                described.group(groups, ConfigValues.of(image.configs(ConfigResource.ofGroup(name)))));
            default -> refused("resource type " + asked.resourceType() + " is not known");
        };
    }

    private BrokerLayers layers(MetadataImage image) {
        return BrokerLayers.of(image, cluster.brokerId(), fixed);
    }

    private Outcome topic(String name, MetadataImage image, DescribedConfigs described) {
        if (!TopicNames.isValid(name)) {
            return Outcome.refused(ErrorCode.INVALID_TOPIC_EXCEPTION, "no topic can have the name '" + name + "'");
        }
        if (image.topic(name).isEmpty()) {
            return Outcome.refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + name + " does not exist");
        }
        var overrides = ConfigValues.of(image.configs(ConfigResource.ofTopic(name)));
        return Outcome.found(described.topic(topics, overrides));
    }

    private Outcome broker(String name, DescribedConfigs described) {
        var id = cluster.brokerId();
        return name.equals(Integer.toString(id))
                ? Outcome.found(described.broker())
                : refused("broker '" + name + "' was asked for at broker " + id + ": expected its id or nothing");
    }

    private static Outcome refused(String message) {
        return Outcome.refused(ErrorCode.INVALID_REQUEST, message);
    }

    private static DescribeConfigsResponse.Result result(
            DescribeConfigsRequest.Resource asked, Outcome outcome, DescribeConfigsRequest request) {
        return DescribeConfigsResponse.Result.builder()
                .errorCode(outcome.error().code())
                .errorMessage(outcome.message())
                .resourceType(asked.resourceType())
                .resourceName(asked.resourceName())
                .configs(outcome.entries().stream()
                        .filter(entry -> isWanted(asked, entry))
                        .map(entry -> config(entry, request))
                        .toList())
                .build();
    }

    /** No names, or none at all, ask for all. */
    private static boolean isWanted(DescribeConfigsRequest.Resource asked, ConfigEntry entry) {
        var names = asked.configurationKeys();
        return names == null || names.isEmpty() || names.contains(entry.name());
    }

    private static DescribeConfigsResponse.Config config(ConfigEntry entry, DescribeConfigsRequest request) {
        return DescribeConfigsResponse.Config.builder()
                .name(entry.name())
                .value(entry.value())
                .readOnly(entry.isReadOnly())
                .configSource(entry.source().code())
                .isSensitive(entry.isSensitive())
                .synonyms(request.includeSynonyms() ? synonyms(entry) : List.of())
                .configType(entry.typeCode())
                .documentation(request.includeDocumentation() ? entry.documentation() : null)
                .build();
    }

    private static List<DescribeConfigsResponse.Synonym> synonyms(ConfigEntry entry) {
        return entry.synonyms().stream()
                .map(synonym -> DescribeConfigsResponse.Synonym.builder()
                        .name(synonym.name())
                        .value(synonym.value())
                        .source(synonym.source().code())
                        .build())
                .toList();
    }
}
