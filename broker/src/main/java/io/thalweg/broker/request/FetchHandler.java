package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.shard.Shards;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;

/** Fetch: reads what the shards have published, on the reader's own event loop, or waits until there is enough. */
public final class FetchHandler implements RequestHandler<FetchRequest> {

    private final PartitionReader reader;
    private final ClusterView cluster;
    private final Shards shards;
    private final int maxBytes;

    /**
     * A handler for any number of event loops.
     *
     * @param maxBytes no answer has more bytes of batches, but for the first-batch rule
     */
    public FetchHandler(TopicTable topics, ClusterView cluster, Shards shards, int maxBytes) {
        this.reader = new PartitionReader(topics);
        this.cluster = cluster;
        this.shards = shards;
        this.maxBytes = maxBytes;
    }

    @Override
    public void handle(FetchRequest request, Exchange exchange) {
        var plan = exchange.fetchSession().plan(request, exchange.version());
        if (plan.error() != ErrorCode.NONE) {
            exchange.reply(
                    FetchResponse.builder().errorCode(plan.error().code()).build());
            return;
        }
        var limit = Math.min(request.maxBytes(), maxBytes);
        var leaders = new LeaderHints(cluster, exchange.listenerName());
        exchange.takeFrame().close();
        new PendingFetch(exchange, request, plan, reader, shards, leaders, limit).begin();
    }
}
