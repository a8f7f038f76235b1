package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest.Config;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest.Resource;
import io.thalweg.protocol.message.IncrementalAlterConfigsResponse;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * IncrementalAlterConfigs, key 44, versions 0-1.
 *
 * <p>The operations on one resource come into force together or not at all; resources do not depend on each other. Deleting what is not
 * set, and setting what is set, changes nothing and is no error. A list key that is not set is appended to as if it held its default.
 */
final class IncrementalAlterConfigsDecider
        implements Decider<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> {

    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;

    private final ConfigSchema schema;
    private final Elections elections;

    IncrementalAlterConfigsDecider(ConfigSchema schema, Elections elections) {
        this.schema = schema;
        this.elections = elections;
    }

    @Override
    public Decision<IncrementalAlterConfigsResponse> decide(
            MetadataImage image, IncrementalAlterConfigsRequest request) {
        var rows = new ArrayList<IncrementalAlterConfigsResponse.Resource>();
        var records = AlteredResources.decide(
                request.resources(),
                IncrementalAlterConfigsDecider::keyOf,
                resource -> change(image, resource),
                (resource, refusal) -> rows.add(row(resource, refusal)));
        var reply = IncrementalAlterConfigsResponse.builder().responses(rows).build();
        return new Decision<>(
                request.validateOnly() ? List.of() : AlteredResources.withElections(image, records, elections), reply);
    }

    private static ResourceKey keyOf(Resource resource) {
        return new ResourceKey(resource.resourceType(), resource.resourceName());
    }

    private static IncrementalAlterConfigsResponse.Resource row(Resource resource, @Nullable RefusedException refusal) {
        return IncrementalAlterConfigsResponse.Resource.builder()
                .resourceType(resource.resourceType())
                .resourceName(resource.resourceName())
                .errorCode(AlteredResources.codeOf(refusal))
                .errorMessage(AlteredResources.textOf(refusal))
                .build();
    }

    private List<Message> change(MetadataImage image, Resource resource) {
        AlteredResources.checkNamedOnce(
                resource.configs().stream().map(Config::name).toList());
        var found = ConfigResources.find(image, resource.resourceType(), resource.resourceName());
        var change = ConfigChange.of(image, found);
        for (var config : resource.configs()) {
            apply(found.type(), config, change);
        }
        return change.records(schema);
    }

    private void apply(ConfigResource.Type type, Config config, ConfigChange change) {
        var name = config.name();
        switch (config.configOperation()) {
            case SET -> change.set(name, value(config));
            case DELETE -> change.unset(name);
            case APPEND ->
                change.set(name, String.join(",", appended(elements(type, config, change), split(value(config)))));
            case SUBTRACT ->
                change.set(name, String.join(",", subtracted(elements(type, config, change), split(value(config)))));
            default ->
                throw new RefusedException(
                        ErrorCode.INVALID_REQUEST,
                        "operation " + config.configOperation() + " on config " + name
                                + " refused: expected 0 set, 1 delete, 2 append or 3 subtract");
        }
    }

    private static String value(Config config) {
        return ConfigChange.checked(config.name(), config.value(), ErrorCode.INVALID_REQUEST);
    }

    private List<String> elements(ConfigResource.Type type, Config config, ConfigChange change) {
        var key = schema.key(type, config.name())
                .filter(found -> found.type() == ConfigType.LIST)
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.INVALID_CONFIG,
                        "config " + config.name() + " cannot be appended to or subtracted from: it is not a list"));
        var value = change.value(config.name());
        return split(value == null ? defaultText(key) : value);
    }

    private static String defaultText(ConfigKey<?> key) {
        var text = key.defaultText();
        return text == null ? "" : text;
    }

    private static List<String> split(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .toList();
    }

    private static List<String> appended(List<String> elements, List<String> more) {
        return Stream.concat(elements.stream(), more.stream()).distinct().toList();
    }

    private static List<String> subtracted(List<String> elements, List<String> less) {
        return elements.stream().filter(element -> !less.contains(element)).toList();
    }
}
