package io.thalweg.broker.request;

import io.thalweg.broker.purgatory.Watch;
import io.thalweg.broker.shard.Acknowledgement;
import io.thalweg.broker.shard.Shards;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.spi.runtime.Timers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One fetch under way: reads its partitions one after the other and, if there is less than it wants, waits for a watch or its time
 * limit and reads again. Owned by the reader's event loop.
 */
final class PendingFetch {

    private final Exchange exchange;
    private final FetchRequest request;
    private final FetchSession.Plan plan;
    private final Reader who;
    private final ClosestReplica closest;
    private final PartitionReader reader;
    private final Shards shards;
    private final LeaderHints leaders;
    private final int maxBytes;
    private final List<PartitionRead> reads = new ArrayList<>();
    private int readBytes;
    private boolean isLastTry;
    private @Nullable Watch watch;
    private Timers.@Nullable Timer limit;

    PendingFetch(
            Exchange exchange,
            FetchRequest request,
            FetchSession.Plan plan,
            Reader who,
            ClosestReplica closest,
            PartitionReader reader,
            Shards shards,
            LeaderHints leaders,
            int maxBytes) {
        this.exchange = exchange;
        this.request = request;
        this.plan = plan;
        this.who = who;
        this.closest = closest;
        this.reader = reader;
        this.shards = shards;
        this.leaders = leaders;
        this.maxBytes = maxBytes;
        this.isLastTry = request.maxWaitMillis() <= 0;
    }

    void begin() {
        exchange.whenAbandoned(this::timeUp);
        readFrom(0);
    }

    /** Reads on; comes back here from another thread's completion when something has to come from the disk. */
    private void readFrom(int index) {
        for (var i = index; i < plan.partitions().size(); i++) {
            var stage = read(plan.partitions().get(i));
            var done = stage.toCompletableFuture();
            if (!done.isDone()) {
                var next = i + 1;
                stage.thenAccept(read -> readOn(read, next));
                return;
            }
            take(done.join());
        }
        decide();
    }

    /** Goes on where the exchange lives; where nobody is served any more nothing is left open. */
    private void readOn(PartitionRead read, int next) {
        try {
            exchange.eventLoop().execute(() -> {
                take(read);
                readFrom(next);
            });
        } catch (RejectedExecutionException e) {
            read.slice().close();
            reads.forEach(each -> each.slice().close());
        }
    }

    private CompletionStage<PartitionRead> read(FetchPartition asked) {
        var room = room(asked);
        var maxBytes = readBytes > 0 && room == 0 ? PartitionReader.NO_BATCHES : room;
        return reader.read(asked, who, closest, maxBytes, exchange.version());
    }

    private int room(FetchPartition asked) {
        return Math.max(0, Math.min(asked.maxBytes(), maxBytes - readBytes));
    }

    /** Only the first batch of an answer may be larger than what the reader allows, for the answer and for the partition. */
    private void take(PartitionRead read) {
        var isTooMuch = readBytes > 0 && read.sizeInBytes() > room(read.asked());
        var taken = isTooMuch ? read.withoutBatches() : read;
        reads.add(taken);
        readBytes += taken.sizeInBytes();
    }

    private void decide() {
        if (who.isFollower()) {
            acknowledge();
        }
        var wantedBytes = Math.min(request.minBytes(), maxBytes);
        if (isLastTry
                || reads.isEmpty()
                || readBytes >= wantedBytes
                || reads.stream().anyMatch(PartitionRead::isUrgent)) {
            answer();
        } else {
            await();
        }
    }

    /** What a follower asks for says what it holds. */
    private void acknowledge() {
        var isAll = exchange.fetchSession().isTimeToTellAll(exchange.receivedNanos());
        List<Acknowledgement> news = new ArrayList<>();
        for (var read : reads) {
            var partition = read.partition();
            var isNews = read.asked().takeNews() || isAll;
            if (isNews && partition != null && read.isAcknowledgement()) {
                news.add(new Acknowledgement(
                        partition, read.asked().fetchOffset(), read.bounds().leaderEpoch()));
            }
        }
        shards.acknowledged(who.brokerId(), who.brokerEpoch(), news);
    }

    private void await() {
        var seen = new ArrayList<Shards.Seen>(reads.size());
        var isAnyGone = false;
        for (var read : reads) {
            read.slice().close();
            var partition = reader.find(read.asked());
            isAnyGone |= partition == null;
            if (partition != null) {
                var bounds = read.bounds();
                seen.add(new Shards.Seen(
                        partition, who.isFollower(), bounds.logStartOffset(), bounds.seenEnd(), bounds.leaderEpoch()));
            }
        }
        reads.clear();
        readBytes = 0;
        if (isAnyGone) {
            readFrom(0);
            return;
        }
        var armed = new Watch(exchange.eventLoop(), this::readAgain);
        watch = armed;
        if (limit == null) {
            exchange.listener().fetchWaits();
            var waitNanos = TimeUnit.MILLISECONDS.toNanos(request.maxWaitMillis());
            limit = shards.timers()
                    .schedule(waitNanos, () -> exchange.eventLoop().execute(this::timeUp));
        }
        shards.watch(armed, seen);
    }

    private void readAgain() {
        watch = null;
        if (exchange.isDone()) {
            return;
        }
        if (exchange.isAbandoned()) {
            answer();
        } else {
            readFrom(0);
        }
    }

    private void timeUp() {
        isLastTry = true;
        var armed = watch;
        if (armed != null && armed.fire()) {
            readAgain();
        }
    }

    private void answer() {
        var armed = limit;
        if (armed != null) {
            armed.cancel();
            exchange.listener().fetchWaited();
        }
        countOut();
        exchange.fetchSession().served(plan, reads);
        exchange.reply(
                FetchAnswer.of(plan, reads, who, leaders, exchange.version()),
                reads.stream().map(PartitionRead::slice).toList());
    }

    private void countOut() {
        for (var read : reads) {
            var partition = read.partition();
            if (partition != null && read.sizeInBytes() > 0) {
                partition.traffic().fetched(read.sizeInBytes());
                reader.sent(read, who);
            }
        }
    }
}
