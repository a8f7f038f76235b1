package io.thalweg.broker;

import io.thalweg.broker.config.ReplicationKeys;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.request.ApiVersionsHandler;
import io.thalweg.broker.request.FetchHandler;
import io.thalweg.broker.request.ProduceHandler;
import io.thalweg.broker.request.RequestRouter;
import io.thalweg.broker.shard.Shards;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.record.DecompressionLimit;
import io.thalweg.protocol.record.RecordChecker;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;

/**
 * What the handlers are made of, and the list of them: the broker's table of contents.
 *
 * @param config the settings the broker was started with
 */
record Handlers(
        ConfigValues config,
        ClusterView cluster,
        ControllerChannel controller,
        TopicTable topics,
        Shards shards,
        Clock clock) {

    RequestRouter router() {
        return new RequestRouter.Builder()
                .on(
                        ApiKey.PRODUCE,
                        new ProduceHandler(topics, shards, clock, () -> new RecordChecker(DecompressionLimit.DEFAULT)))
                .on(ApiKey.FETCH, new FetchHandler(topics, shards, config.value(ReplicationKeys.FETCH_MAX_BYTES)))
                .on(ApiKey.API_VERSIONS, new ApiVersionsHandler())
                .build();
    }
}
