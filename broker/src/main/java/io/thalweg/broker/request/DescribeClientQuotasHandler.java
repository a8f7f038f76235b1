package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.QuotaEntity;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeClientQuotasRequest;
import io.thalweg.protocol.message.DescribeClientQuotasRequest.Component;
import io.thalweg.protocol.message.DescribeClientQuotasResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** DescribeClientQuotas, key 48, versions 0-1: the quotas whose entities match all components of the filter. */
public final class DescribeClientQuotasHandler implements RequestHandler<DescribeClientQuotasRequest> {

    private static final byte EXACT = 0;
    private static final byte DEFAULT = 1;
    private static final byte ANY = 2;
    private static final Set<String> TYPES = Set.of(QuotaEntity.USER, QuotaEntity.CLIENT_ID, QuotaEntity.IP);

    private final ClusterView cluster;

    public DescribeClientQuotasHandler(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public void handle(DescribeClientQuotasRequest request, Exchange exchange) {
        if (!request.components().stream().map(Component::entityType).allMatch(TYPES::contains)) {
            refuse(
                    exchange,
                    ErrorCode.UNSUPPORTED_VERSION,
                    "an entity type is not known: expected user, client-id or ip");
            return;
        }
        var problem = problem(request.components());
        if (problem.isPresent()) {
            refuse(exchange, ErrorCode.INVALID_REQUEST, problem.get());
            return;
        }
        exchange.reply(DescribeClientQuotasResponse.builder()
                .errorMessage(null)
                .entries(cluster.image().configs().stream()
                        .filter(config -> config.resource().type() == ConfigResource.Type.QUOTA)
                        .filter(config -> matches(QuotaEntity.fromResource(config.resource()), request))
                        .map(DescribeClientQuotasHandler::row)
                        .toList())
                .build());
    }

    private static void refuse(Exchange exchange, ErrorCode code, String message) {
        exchange.reply(DescribeClientQuotasResponse.builder()
                .errorCode(code.code())
                .errorMessage(message)
                .entries(null)
                .build());
    }

    private static Optional<String> problem(List<Component> components) {
        for (var component : components) {
            if (component.matchType() < EXACT || component.matchType() > ANY) {
                return Optional.of("match type " + component.matchType() + " is not known");
            }
        }
        var types = components.stream().map(Component::entityType).collect(Collectors.toSet());
        return types.size() < components.size()
                ? Optional.of("an entity type is asked for twice")
                : types.contains(QuotaEntity.IP) && types.size() > 1
                        ? Optional.of("addresses cannot be asked for together with users or client ids")
                        : Optional.empty();
    }

    private static boolean matches(QuotaEntity entity, DescribeClientQuotasRequest request) {
        return (!request.strict()
                        || entity.names().size() == request.components().size())
                && request.components().stream().allMatch(component -> matches(entity, component));
    }

    private static boolean matches(QuotaEntity entity, Component component) {
        var name = entity.names().get(component.entityType());
        return name != null
                && switch (component.matchType()) {
                    case EXACT -> name.isPresent() && name.get().equals(component.match());
                    case DEFAULT -> name.isEmpty();
                    default -> true;
                };
    }

    private static DescribeClientQuotasResponse.Entry row(ConfigImage config) {
        var entity = QuotaEntity.fromResource(config.resource());
        return new DescribeClientQuotasResponse.Entry(
                entity.names().entrySet().stream()
                        .map(each -> new DescribeClientQuotasResponse.Entity(
                                each.getKey(), each.getValue().orElse(null)))
                        .toList(),
                config.values().entrySet().stream()
                        .map(each -> new DescribeClientQuotasResponse.Value(
                                each.getKey(), Double.parseDouble(each.getValue())))
                        .toList());
    }
}
