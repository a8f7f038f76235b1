package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AllocateProducerIdsRequest;
import io.thalweg.protocol.message.AllocateProducerIdsResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ids for idempotent producers, out of blocks that the controller gives to this broker alone. The next block is asked for before the
 * present one is used up. Any thread.
 */
final class ProducerIds {

    private final ClusterView cluster;
    private final ControllerChannel controller;
    private volatile Block current = new Block(0, 0);

    ProducerIds(ClusterView cluster, ControllerChannel controller) {
        this.cluster = cluster;
        this.controller = controller;
    }

    /** Consecutive ids, and the block to go on with. */
    private static final class Block {

        private final AtomicLong nextId;
        private final long endId;
        /** The next block is asked for when this id is given, after nine tenths. */
        private final long prefetchId;

        private final AtomicReference<@Nullable CompletableFuture<Block>> following = new AtomicReference<>();

        Block(long startId, int count) {
            nextId = new AtomicLong(startId);
            endId = startId + count;
            prefetchId = endId - count / 10;
        }
    }

    /** Completes with an id that nobody else gets; fails when the controller gives none. */
    CompletionStage<Long> next() {
        return takeFrom(current);
    }

    private CompletionStage<Long> takeFrom(Block block) {
        long id = block.nextId.getAndIncrement();
        if (id == block.prefetchId) {
            after(block);
        }
        if (id < block.endId) {
            return CompletableFuture.completedFuture(id);
        }
        return after(block).thenCompose(following -> {
            // A slower thread may put back a block that is used up; it leads on to this one.
            current = following;
            return takeFrom(following);
        });
    }

    /** The block after this one; asked for once, and again if that failed. */
    private CompletionStage<Block> after(Block block) {
        var known = block.following.get();
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        var asked = new CompletableFuture<Block>();
        if (!block.following.compareAndSet(known, asked)) {
            return after(block);
        }
        allocate().whenComplete((allocated, failure) -> {
            if (failure == null) {
                asked.complete(allocated);
            } else {
                asked.completeExceptionally(failure);
            }
        });
        return asked;
    }

    private CompletionStage<Block> allocate() {
        var request = AllocateProducerIdsRequest.builder()
                .brokerId(cluster.brokerId())
                .brokerEpoch(cluster.image()
                        .broker(cluster.brokerId())
                        .map(BrokerImage::epoch)
                        .orElse(-1L))
                .build();
        return controller.call(request, AllocateProducerIdsResponse.class).thenApply(ProducerIds::block);
    }

    private static Block block(AllocateProducerIdsResponse given) {
        if (given.errorCode() != ErrorCode.NONE.code() || given.producerIdLen() < 1) {
            throw new IllegalStateException(
                    "the controller gave " + given.producerIdLen() + " producer ids, error code " + given.errorCode());
        }
        return new Block(given.producerIdStart(), given.producerIdLen());
    }
}
