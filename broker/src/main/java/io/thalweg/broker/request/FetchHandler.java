package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.quota.ReplicationThrottle;
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
    private final String interBrokerListener;
    private final boolean sendsToClosest;

    /**
     * A handler for any number of event loops.
     *
     * @param maxBytes no answer has more bytes of batches, but for the first-batch rule
     * @param interBrokerListener where followers come from
     * @param sendsToClosest whether consumers are sent to a replica in their rack
     * @param throttle holds up followers that catch up
     */
    public FetchHandler(
            TopicTable topics,
            ClusterView cluster,
            Shards shards,
            int maxBytes,
            String interBrokerListener,
            boolean sendsToClosest,
            ReplicationThrottle throttle) {
        this.reader = new PartitionReader(
                topics, (partition, log) -> shards.hostOf(partition).damaged(partition, log), throttle);
        this.cluster = cluster;
        this.shards = shards;
        this.maxBytes = maxBytes;
        this.interBrokerListener = interBrokerListener;
        this.sendsToClosest = sendsToClosest;
    }

    @Override
    public void handle(FetchRequest request, Exchange exchange) {
        var who = Reader.of(request);
        if (who.isFollower() && !isCurrent(who, exchange)) {
            // Either side may be the one that is behind; the other broker tries again.
            exchange.reply(FetchResponse.builder()
                    .errorCode(ErrorCode.STALE_BROKER_EPOCH.code())
                    .build());
            return;
        }
        var plan = exchange.fetchSession().plan(request, exchange.version());
        if (plan.error() != ErrorCode.NONE) {
            exchange.reply(
                    FetchResponse.builder().errorCode(plan.error().code()).build());
            return;
        }
        var limit = Math.min(request.maxBytes(), maxBytes);
        var leaders = new LeaderHints(cluster, exchange.listenerName());
        exchange.takeFrame().close();
        new PendingFetch(exchange, request, plan, who, closest(request, who), reader, shards, leaders, limit).begin();
    }

    private ClosestReplica closest(FetchRequest request, Reader who) {
        return new ClosestReplica(cluster, who.isFollower() || !sendsToClosest ? "" : request.rackId());
    }

    /** Only what a registered broker says in its present life, over the listener for brokers, counts as a follower's word. */
    private boolean isCurrent(Reader who, Exchange exchange) {
        return exchange.listenerName().equals(interBrokerListener)
                && cluster.image()
                        .broker(who.brokerId())
                        .map(broker -> broker.epoch() == who.brokerEpoch())
                        .orElse(false);
    }
}
