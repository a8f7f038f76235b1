package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ApiVersionsResponse;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The versions that this client and one broker have in common. Immutable. */
final class ApiVersionTable {

    private final Map<ApiKey, Range> common;

    private ApiVersionTable(Map<ApiKey, Range> common) {
        this.common = common;
    }

    static ApiVersionTable common(List<ApiVersionsResponse.ApiVersion> offered) {
        var common = new EnumMap<ApiKey, Range>(ApiKey.class);
        for (var offer : offered) {
            ApiKey.forId(offer.apiKey()).ifPresent(api -> {
                var lowest = (short) Math.max(offer.minVersion(), api.minVersion());
                var highest = (short) Math.min(offer.maxVersion(), api.maxStableVersion());
                if (lowest <= highest) {
                    common.put(api, new Range(lowest, highest));
                }
            });
        }
        return new ApiVersionTable(common);
    }

    /** The highest common version up to the given one, if there is any. */
    OptionalInt find(ApiKey api, short maxVersion) {
        var range = common.get(api);
        if (range == null || range.lowest() > maxVersion) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Math.min(range.highest(), maxVersion));
    }

    short choose(ApiKey api, short maxVersion, String broker) {
        return (short) find(api, maxVersion)
                .orElseThrow(() -> new ClientException(
                        ErrorCode.UNSUPPORTED_VERSION,
                        "broker " + broker + " does not answer " + api.apiName() + " in a version up to " + maxVersion
                                + " that this client knows",
                        null));
    }

    private record Range(short lowest, short highest) {}
}
