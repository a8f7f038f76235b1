package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeConfigsRequest;
import io.thalweg.protocol.message.DescribeConfigsResponse;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest;
import io.thalweg.protocol.message.IncrementalAlterConfigsResponse;
import io.thalweg.spi.transport.Endpoint;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Shows and changes settings of topics, brokers and groups.
 *
 * <p><b>Threads.</b> Any thread may call; stages complete on the client's thread. What fails for a passing reason is tried again.
 */
public final class ConfigAdmin {

    private static final byte SET = 0;
    private static final byte UNSET = 1;

    private final MetadataCache metadata;
    private final Connections connections;
    private final Retries retries;

    ConfigAdmin(MetadataCache metadata, Connections connections, Retries retries) {
        this.metadata = metadata;
        this.connections = connections;
        this.retries = retries;
    }

    /** All settings by name, those that nobody has set included. */
    public CompletionStage<List<ConfigSetting>> describe(ConfigTarget target) {
        return retries.run(() -> metadata.ask(List.of()).thenCompose(known -> describeOnce(target)));
    }

    private CompletableFuture<List<ConfigSetting>> describeOnce(ConfigTarget target) {
        var resource = new DescribeConfigsRequest.Resource(target.type().code(), target.name(), null);
        return connections
                .call(
                        broker(target),
                        ApiKey.DESCRIBE_CONFIGS,
                        DescribeConfigsResponse.class,
                        version -> new DescribeConfigsRequest(List.of(resource), false, false))
                .thenApply(answer -> {
                    var result = answer.results().get(0);
                    expectNone("settings of " + target, result.errorCode(), result.errorMessage());
                    return result.configs().stream()
                            .map(each -> new ConfigSetting(
                                    each.name(),
                                    each.value(),
                                    ConfigSetting.Source.of(each.configSource()),
                                    each.readOnly()))
                            .sorted(Comparator.comparing(ConfigSetting::name))
                            .toList();
                });
    }

    /** A broker answers for itself only. */
    private Endpoint broker(ConfigTarget target) {
        if (target.type() != ConfigTarget.Type.BROKER || target.name().isEmpty()) {
            return metadata.anyBroker();
        }
        return metadata.image().brokers().entrySet().stream()
                .filter(each -> target.name().equals(String.valueOf(each.getKey())))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseGet(metadata::anyBroker);
    }

    /** Sets values, and takes those back that are empty; all of them or none. */
    public CompletionStage<Void> alter(ConfigTarget target, Map<String, Optional<String>> changes) {
        var configs = changes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> new IncrementalAlterConfigsRequest.Config(
                        each.getKey(),
                        each.getValue().isPresent() ? SET : UNSET,
                        each.getValue().orElse(null)))
                .toList();
        var resource = new IncrementalAlterConfigsRequest.Resource(target.type().code(), target.name(), configs);
        return retries.run(() -> metadata.ask(List.of()).thenCompose(known -> alterOnce(target, resource)));
    }

    private CompletableFuture<Void> alterOnce(ConfigTarget target, IncrementalAlterConfigsRequest.Resource resource) {
        return connections
                .call(
                        broker(target),
                        ApiKey.INCREMENTAL_ALTER_CONFIGS,
                        IncrementalAlterConfigsResponse.class,
                        version -> new IncrementalAlterConfigsRequest(List.of(resource), false))
                .thenAccept(answer -> {
                    var result = answer.responses().get(0);
                    expectNone(
                            "settings of " + target + " were not changed", result.errorCode(), result.errorMessage());
                });
    }

    private static void expectNone(String what, short errorCode, @Nullable String message) {
        if (errorCode != ErrorCode.NONE.code()) {
            throw ClientException.answered(what, errorCode, message);
        }
    }
}
