package io.thalweg.broker.request;

import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.AppendResult;
import io.thalweg.broker.partition.PendingAppend;
import io.thalweg.broker.shard.Shards;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.spi.transport.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A produce request under way: its results in the order of the request, and its memory until every shard has let go of it. Owned by
 * the connection's event loop, but for {@link #release}.
 */
final class Production {

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ProduceRequest request;
    private final Exchange exchange;
    private final LeaderHints leaders;
    private final boolean wantsAnswer;
    /** Per batch of the request, in order: an {@link AppendResult} or the {@link PendingAppend} that will have it. */
    private final List<Object> outcomes = new ArrayList<>();

    private final ArrayDeque<AppendGroup> unpublished = new ArrayDeque<>();
    private final AtomicInteger unreleasedCount = new AtomicInteger();
    private List<AppendGroup> shares = List.of();
    private int unansweredCount;
    private @Nullable Frame frame;

    Production(ProduceRequest request, Exchange exchange, LeaderHints leaders) {
        this.request = request;
        this.exchange = exchange;
        this.leaders = leaders;
        this.wantsAnswer = request.acks() != 0;
    }

    void add(PendingAppend append) {
        outcomes.add(append);
    }

    /** Refuses a batch that no shard is to see. */
    void refuse(ProduceRequest.Topic topic, ProduceRequest.Partition data, @Nullable AppendResult given) {
        var refusal = given == null ? AppendResult.refused(ErrorCode.UNKNOWN_SERVER_ERROR, "no reason given") : given;
        outcomes.add(refusal);
        BatchCheck.unchecked(data.records())
                .ifPresent(batch -> exchange.refusedSequences()
                        .refused(topic.name(), topic.topicId(), data.index(), batch, refusal.error()));
    }

    void refuseAll(AppendResult refusal) {
        request.topicData().forEach(topic -> topic.partitionData().forEach(data -> outcomes.add(refusal)));
    }

    /** Hands the groups to their shards; if a ring is full the connection waits and the rest follows in order. */
    void publish(Shards shards, List<AppendGroup> groups) {
        shares = groups;
        unansweredCount = groups.size();
        if (groups.isEmpty()) {
            replyIfComplete();
            return;
        }
        frame = exchange.takeFrame();
        unreleasedCount.set(groups.size());
        unpublished.addAll(groups);
        if (publishRest(shards)) {
            published();
        } else {
            exchange.holdConnection();
            retry(shards);
        }
    }

    private boolean publishRest(Shards shards) {
        while (!unpublished.isEmpty()) {
            if (!shards.tryPublish(unpublished.peek())) {
                return false;
            }
            unpublished.remove();
        }
        return true;
    }

    private void retry(Shards shards) {
        shards.timers()
                .schedule(
                        RETRY_NANOS,
                        () -> exchange.eventLoop().execute(() -> {
                            if (publishRest(shards)) {
                                published();
                                exchange.releaseConnection();
                            } else if (shards.isClosing(unpublished.element())) {
                                drop();
                            } else {
                                retry(shards);
                            }
                        }));
    }

    /** The broker stops and what was not published never will be. */
    private void drop() {
        unpublished.forEach(group -> release());
        unpublished.clear();
        exchange.giveUp("the broker is shutting down");
    }

    /** A client that wants no answer is done once the order of its batches is fixed. */
    private void published() {
        if (!wantsAnswer) {
            finishUnanswered();
        }
    }

    /** Called on the event loop when a shard has answered its share. */
    void groupAnswered() {
        unansweredCount--;
        if (wantsAnswer) {
            replyIfComplete();
        } else if (unansweredCount == 0) {
            refusal().ifPresent(refused -> exchange.giveUp("produce with acks=0 refused: " + refused.message()));
        }
    }

    /** Called on a shard that holds nothing of the request's memory any more. */
    void release() {
        var taken = frame;
        if (unreleasedCount.decrementAndGet() == 0 && taken != null) {
            taken.close();
        }
    }

    void replyIfComplete() {
        if (unansweredCount > 0) {
            return;
        }
        if (wantsAnswer) {
            shares.forEach(share -> exchange.handledFor(share.shardNanos()));
            exchange.reply(ProduceAnswer.of(request, outcomes, leaders, exchange.version()));
        } else {
            finishUnanswered();
        }
    }

    /** Without an answer the only way to tell of an error is to hang up, so that the client looks its metadata up again. */
    private void finishUnanswered() {
        for (var outcome : outcomes) {
            if (outcome instanceof AppendResult refused) {
                exchange.hangUp("produce with acks=0 refused: " + refused.message());
                return;
            }
        }
        exchange.replyNothing();
    }

    private Optional<AppendResult> refusal() {
        return outcomes.stream()
                .filter(PendingAppend.class::isInstance)
                .map(append -> ((PendingAppend) append).result())
                .filter(result -> result.error() != ErrorCode.NONE)
                .findFirst();
    }
}
