package io.thalweg.broker.request;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ApiVersionsRequest;
import io.thalweg.protocol.message.ApiVersionsResponse;
import java.util.List;

/** ApiVersions: which requests are answered, in which versions. */
public final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequest> {

    @Override
    public void handle(ApiVersionsRequest request, Exchange exchange) {
        exchange.reply(ApiVersionsResponse.builder().build());
    }

    /** What a client hears that asks in a version we do not know: try again in one of these (KIP-511). */
    static ApiVersionsResponse unsupportedVersion() {
        var range = ApiVersionsResponse.ApiVersion.builder()
                .apiKey(ApiKey.API_VERSIONS.id())
                .minVersion(ApiKey.API_VERSIONS.minVersion())
                .maxVersion(ApiKey.API_VERSIONS.maxVersion())
                .build();
        return ApiVersionsResponse.builder()
                .errorCode(ErrorCode.UNSUPPORTED_VERSION.code())
                .apiKeys(List.of(range))
                .build();
    }
}
