package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterClientQuotasRequest;
import io.thalweg.protocol.message.AlterClientQuotasResponse;
import io.thalweg.protocol.message.DescribeClientQuotasRequest;
import io.thalweg.protocol.message.DescribeClientQuotasResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Shows and changes what clients may use.
 *
 * <p><b>Threads.</b> Any thread may call; stages complete on the client's thread. What fails for a passing reason is tried again.
 */
public final class QuotaAdmin {

    private final MetadataCache metadata;
    private final Connections connections;
    private final Retries retries;

    QuotaAdmin(MetadataCache metadata, Connections connections, Retries retries) {
        this.metadata = metadata;
        this.connections = connections;
        this.retries = retries;
    }

    /** All quotas there are. */
    public CompletionStage<List<QuotaListing>> list() {
        return retries.run(this::listOnce);
    }

    private CompletableFuture<List<QuotaListing>> listOnce() {
        return connections
                .call(
                        metadata.anyBroker(),
                        ApiKey.DESCRIBE_CLIENT_QUOTAS,
                        DescribeClientQuotasResponse.class,
                        version -> new DescribeClientQuotasRequest(List.of(), false))
                .thenApply(answer -> {
                    expectNone("quotas", answer.errorCode(), answer.errorMessage());
                    var entries = answer.entries();
                    return entries == null
                            ? List.<QuotaListing>of()
                            : entries.stream()
                                    .map(QuotaAdmin::listing)
                                    .sorted(Comparator.comparing(
                                            each -> each.target().toString()))
                                    .toList();
                });
    }

    private static QuotaListing listing(DescribeClientQuotasResponse.Entry entry) {
        var names = new TreeMap<String, Optional<String>>();
        entry.entity().forEach(part -> names.put(part.entityType(), Optional.ofNullable(part.entityName())));
        var limits = new TreeMap<String, Double>();
        entry.values().forEach(limit -> limits.put(limit.key(), limit.value()));
        return new QuotaListing(new QuotaTarget(names), limits);
    }

    /** Sets quotas, and takes those back that are empty; all of them or none. */
    public CompletionStage<Void> alter(QuotaTarget target, Map<String, Optional<Double>> changes) {
        var entity = target.names().entrySet().stream()
                .map(each -> new AlterClientQuotasRequest.Entity(
                        each.getKey(), each.getValue().orElse(null)))
                .toList();
        var operations = changes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> new AlterClientQuotasRequest.Operation(
                        each.getKey(),
                        each.getValue().orElse(0.0),
                        each.getValue().isEmpty()))
                .toList();
        var entries = List.of(new AlterClientQuotasRequest.Entry(entity, operations));
        return retries.run(() -> connections
                .call(
                        metadata.anyBroker(),
                        ApiKey.ALTER_CLIENT_QUOTAS,
                        AlterClientQuotasResponse.class,
                        version -> new AlterClientQuotasRequest(entries, false))
                .thenAccept(answer -> {
                    var result = answer.entries().get(0);
                    expectNone("quotas of " + target + " were not changed", result.errorCode(), result.errorMessage());
                }));
    }

    private static void expectNone(String what, short errorCode, @Nullable String message) {
        if (errorCode != ErrorCode.NONE.code()) {
            throw ClientException.answered(what, errorCode, message);
        }
    }
}
