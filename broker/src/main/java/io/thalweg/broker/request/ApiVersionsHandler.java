package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.FeatureRange;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ApiVersionsRequest;
import io.thalweg.protocol.message.ApiVersionsResponse;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** ApiVersions, key 18, versions 0-4: which requests are answered, in which versions, and the features of the cluster. */
public final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequest> {

    /** The first version that says what the client's software is, and hears of features. */
    private static final short FEATURES_VERSION = 3;
    /** Before it, clients cannot read a lowest level of 0 (KAFKA-17011). */
    private static final short LEVEL_0_VERSION = 4;
    /** Features are finalized with the cluster's first record and stay as they are. */
    private static final long FEATURES_EPOCH = 0;

    /** Offered by brokers that take metrics of clients only; a client that is offered them asks again and again. */
    private static final Set<ApiKey> TELEMETRY = Set.of(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, ApiKey.PUSH_TELEMETRY);

    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private final List<ApiVersionsResponse.ApiVersion> versions;
    private final List<FeatureRange> features;
    private final ClusterView cluster;

    /**
     * A handler that offers these requests.
     *
     * @param answered what the router answers; what brokers say among themselves is left out
     * @param features what this broker can do
     */
    public ApiVersionsHandler(Collection<ApiKey> answered, List<FeatureRange> features, ClusterView cluster) {
        this.versions = answered.stream()
                .filter(api -> !api.isInternal() && !TELEMETRY.contains(api))
                .map(ApiVersionsHandler::offer)
                .toList();
        this.features = List.copyOf(features);
        this.cluster = cluster;
    }

    private static ApiVersionsResponse.ApiVersion offer(ApiKey api) {
        // Versions 0 to 2 of Produce are refused, but librdkafka takes a broker that does not list them for one that
        // cannot
        // produce at all (KAFKA-18659).
        var isProduce = api == ApiKey.PRODUCE;
        return range(api).minVersion(isProduce ? 0 : api.minVersion()).build();
    }

    private static ApiVersionsResponse.ApiVersion.Builder range(ApiKey api) {
        return ApiVersionsResponse.ApiVersion.builder()
                .apiKey(api.id())
                .minVersion(api.minVersion())
                .maxVersion(api.maxStableVersion());
    }

    @Override
    public void handle(ApiVersionsRequest request, Exchange exchange) {
        if (exchange.version() >= FEATURES_VERSION && !namesSoftware(request)) {
            exchange.reply(ApiVersionsResponse.builder()
                    .errorCode(ErrorCode.INVALID_REQUEST.code())
                    .build());
            return;
        }
        var finalized = finalized();
        exchange.reply(ApiVersionsResponse.builder()
                .apiKeys(versions)
                .supportedFeatures(supported(exchange.version()))
                .finalizedFeaturesEpoch(finalized.isEmpty() ? -1 : FEATURES_EPOCH)
                .finalizedFeatures(finalized.entrySet().stream()
                        .map(feature -> finalized(feature.getKey(), feature.getValue()))
                        .toList())
                .build());
    }

    /** A feature with one level is at that. */
    private SortedMap<String, Short> finalized() {
        var levels = new TreeMap<>(cluster.image().cluster().features());
        features.stream()
                .filter(feature -> feature.minLevel() == feature.maxLevel())
                .forEach(feature -> levels.put(feature.name(), feature.maxLevel()));
        return levels;
    }

    private static boolean namesSoftware(ApiVersionsRequest request) {
        return SOFTWARE.matcher(request.clientSoftwareName()).matches()
                && SOFTWARE.matcher(request.clientSoftwareVersion()).matches();
    }

    private List<ApiVersionsResponse.SupportedFeature> supported(short version) {
        var lowest = version < LEVEL_0_VERSION ? 1 : 0;
        return features.stream()
                .map(feature -> ApiVersionsResponse.SupportedFeature.builder()
                        .name(feature.name())
                        .minVersion((short) Math.max(lowest, feature.minLevel()))
                        .maxVersion(feature.maxLevel())
                        .build())
                .toList();
    }

    private static ApiVersionsResponse.FinalizedFeature finalized(String name, short level) {
        return ApiVersionsResponse.FinalizedFeature.builder()
                .name(name)
                .maxVersionLevel(level)
                .minVersionLevel(level)
                .build();
    }

    /** What a client hears that asks in a version we do not know: try again in one of these (KIP-511). */
    static ApiVersionsResponse unsupportedVersion() {
        return ApiVersionsResponse.builder()
                .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                .apiKeys(List.of(range(ApiKey.API_VERSIONS).build()))
                .build();
    }
}
