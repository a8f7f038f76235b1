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
import org.jspecify.annotations.Nullable;

/**
 * AlterConfigs, key 33, versions 0-2.
 *
 * <p>Afterwards exactly what the request has is set for a resource: what it does not have goes back to its default. That is why clients
 * prefer {@link IncrementalAlterConfigsDecider key 44}.
 */
final class AlterConfigsDecider implements Decider<AlterConfigsRequest, AlterConfigsResponse> {

    private final ConfigSchema schema;
    private final Elections elections;

    AlterConfigsDecider(ConfigSchema schema, Elections elections) {
        this.schema = schema;
        this.elections = elections;
    }

    @Override
    public Decision<AlterConfigsResponse> decide(MetadataImage image, AlterConfigsRequest request) {
        var rows = new ArrayList<AlterConfigsResponse.Resource>();
        var records = AlteredResources.decide(
                request.resources(),
                AlterConfigsDecider::keyOf,
                resource -> change(image, resource),
                (resource, refusal) -> rows.add(row(resource, refusal)));
        var reply = AlterConfigsResponse.builder().responses(rows).build();
        return new Decision<>(
                request.validateOnly() ? List.of() : AlteredResources.withElections(image, records, elections), reply);
    }

    private static ResourceKey keyOf(Resource resource) {
        return new ResourceKey(resource.resourceType(), resource.resourceName());
    }

    private static AlterConfigsResponse.Resource row(Resource resource, @Nullable RefusedException refusal) {
        return AlterConfigsResponse.Resource.builder()
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
        var change = ConfigChange.replacing(image, found);
        for (var config : resource.configs()) {
            change.set(config.name(), ConfigChange.checked(config.name(), config.value(), ErrorCode.INVALID_REQUEST));
        }
        return change.records(schema);
    }
}
