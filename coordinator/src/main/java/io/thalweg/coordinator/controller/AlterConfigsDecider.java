package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.AlterConfigsRequest;
import io.thalweg.protocol.message.AlterConfigsRequest.Config;
import io.thalweg.protocol.message.AlterConfigsRequest.Resource;
import io.thalweg.protocol.message.AlterConfigsResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * AlterConfigs, key 33, versions 0-2.
 *
 * <p>Afterwards exactly what the request has is set for a resource: what it does not have goes back to its default. That is why clients
 * prefer {@link IncrementalAlterConfigsDecider key 44}.
 */
final class AlterConfigsDecider implements Decider<AlterConfigsRequest, AlterConfigsResponse> {

    private final ConfigSchema schema;

    AlterConfigsDecider(ConfigSchema schema) {
        this.schema = schema;
    }

    @Override
    public Decision<AlterConfigsResponse> decide(MetadataImage image, AlterConfigsRequest request) {
        var duplicates = Duplicates.in(
                request.resources().stream().map(AlterConfigsDecider::keyOf).toList());
        var records = new ArrayList<Message>();
        var rows = new ArrayList<AlterConfigsResponse.Resource>();
        for (var resource : request.resources()) {
            var row = AlterConfigsResponse.Resource.builder()
                    .resourceType(resource.resourceType())
                    .resourceName(resource.resourceName())
                    .errorMessage(null);
            try {
                if (duplicates.contains(keyOf(resource))) {
                    throw new RefusedException(
                            ErrorCode.INVALID_REQUEST, "the resource is in the request more than once");
                }
                records.addAll(change(image, resource));
            } catch (RefusedException e) {
                row.errorCode(e.error().code()).errorMessage(e.text());
            }
            rows.add(row.build());
        }
        var reply = AlterConfigsResponse.builder().responses(rows).build();
        return new Decision<>(request.validateOnly() ? List.of() : records, reply);
    }

    private static ResourceKey keyOf(Resource resource) {
        return new ResourceKey(resource.resourceType(), resource.resourceName());
    }

    private List<Message> change(MetadataImage image, Resource resource) {
        var duplicates =
                Duplicates.in(resource.configs().stream().map(Config::name).toList());
        if (!duplicates.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST, "configs " + duplicates + " are in the request more than once");
        }
        var found = ConfigResources.find(image, resource.resourceType(), resource.resourceName());
        var change = ConfigChange.replacing(image, found);
        for (var config : resource.configs()) {
            change.set(config.name(), ConfigChange.checked(config.name(), config.value(), ErrorCode.INVALID_REQUEST));
        }
        return change.records(schema);
    }
}
