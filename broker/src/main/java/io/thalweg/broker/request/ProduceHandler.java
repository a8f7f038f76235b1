package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.Acks;
import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.AppendResult;
import io.thalweg.broker.partition.PendingAppend;
import io.thalweg.broker.request.BatchCheck.Outcome;
import io.thalweg.broker.shard.Shards;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.record.RecordChecker;
import io.thalweg.spi.runtime.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Produce: checks every batch where it arrived, hands each shard its share in one slot, and answers when all shares are.
 */
public final class ProduceHandler implements RequestHandler<ProduceRequest> {

    private static final String ADMIN_CLIENT_ID = "__admin_client";

    private final TopicTable topics;
    private final ClusterView cluster;
    private final Shards shards;
    private final Clock clock;
    private final ThreadLocal<BatchCheck> checks;

    /**
     * A handler for any number of event loops.
     *
     * @param checkers makes the record checker of an event loop
     */
    public ProduceHandler(
            TopicTable topics, ClusterView cluster, Shards shards, Clock clock, Supplier<RecordChecker> checkers) {
        this.topics = topics;
        this.cluster = cluster;
        this.shards = shards;
        this.clock = clock;
        this.checks = ThreadLocal.withInitial(() -> new BatchCheck(checkers.get(), clock));
    }

    @Override
    public void handle(ProduceRequest request, Exchange exchange) {
        var leaders = new LeaderHints(cluster, exchange.listenerName());
        var production = new Production(request, exchange, leaders);
        if (!Acks.isKnown(request.acks())) {
            production.refuseAll(AppendResult.refused(
                    ErrorCode.INVALID_REQUIRED_ACKS, "acks " + request.acks() + ": expected -1, 0 or 1"));
            production.replyIfComplete();
            return;
        }
        var appends = check(request, exchange, production);
        production.publish(shards, groups(appends, request, exchange, production));
    }

    private List<PendingAppend> check(ProduceRequest request, Exchange exchange, Production production) {
        var appends = new ArrayList<PendingAppend>();
        for (var topicData : request.topicData()) {
            var topic = find(topicData);
            for (var data : topicData.partitionData()) {
                var partition = topic == null ? null : topic.partition(data.index());
                var outcome = topic == null || partition == null
                        ? Outcome.refused(unknown(topicData, topic, data.index()))
                        : check(data, topic, exchange);
                var batch = outcome.batch();
                var bytes = outcome.bytes();
                if (partition == null || batch == null || bytes == null) {
                    production.refuse(topicData, data, outcome.refusal());
                } else {
                    var append = new PendingAppend(partition, batch, bytes, exchange.refusedSequences());
                    production.add(append);
                    appends.add(append);
                }
            }
        }
        return appends;
    }

    private Outcome check(ProduceRequest.Partition data, HostedTopic topic, Exchange exchange) {
        return mayWrite(exchange, topic)
                ? checks.get().check(data.records(), topic.settings(), exchange.version())
                : Outcome.refused(ErrorCode.INVALID_TOPIC_EXCEPTION, topic.name() + " is written by brokers only");
    }

    /** Kafka's tools write to internal topics under a name of their own. */
    private static boolean mayWrite(Exchange exchange, HostedTopic topic) {
        return !InternalTopics.contains(topic.name()) || ADMIN_CLIENT_ID.equals(exchange.clientId());
    }

    private @Nullable HostedTopic find(ProduceRequest.Topic topic) {
        return isById(topic) ? topics.find(topic.topicId()) : topics.find(topic.name());
    }

    private static boolean isById(ProduceRequest.Topic topic) {
        return topic.name().isEmpty();
    }

    private static AppendResult unknown(ProduceRequest.Topic asked, @Nullable HostedTopic topic, int partition) {
        if (topic == null && isById(asked)) {
            return AppendResult.refused(ErrorCode.UNKNOWN_TOPIC_ID, "no topic with id " + asked.topicId());
        }
        var name = topic == null ? asked.name() : topic.name();
        return AppendResult.refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "no partition " + name + "-" + partition);
    }

    /** One group per shard, in the order of shards. */
    private List<AppendGroup> groups(
            List<PendingAppend> appends, ProduceRequest request, Exchange exchange, Production production) {
        var acks = Acks.fromWire(request.acks());
        var deadline = clock.nanos() + Math.max(0L, request.timeoutMillis()) * 1_000_000L;
        var groups = new ArrayList<AppendGroup>();
        for (var shardIndex = 0; shardIndex < shards.count(); shardIndex++) {
            var share = new ArrayList<PendingAppend>();
            for (var append : appends) {
                if (append.partition().shardIndex() == shardIndex) {
                    share.add(append);
                }
            }
            if (!share.isEmpty()) {
                groups.add(new AppendGroup(
                        share, acks, deadline, exchange.eventLoop(), production::groupAnswered, production::release));
            }
        }
        return groups;
    }
}
